import { readFileSync } from 'node:fs';
import express from 'express';

// The least an Express 5 app can do for the same work: parse the same body and send the same bytes. The answers are
// read from files, `answers/<name>.json` in the folder given.
const [folder = '.'] = process.argv.slice(2);
const answers = new Map<string, Buffer>();

const app = express();
app.disable('etag');

app.get('/healthz', (_req, res) => {
  res.send('up');
});

app.post('/answers/:name', express.json({ limit: '10mb' }), (req, res) => {
  if (typeof req.body !== 'object') throw new TypeError('the body was not parsed');
  res.type('application/json').send(answerNamed(req.params.name));
});

app.listen(Number(process.env['PORT']), '127.0.0.1');

function answerNamed(name: string): Buffer {
  const known = answers.get(name);
  if (known !== undefined) return known;
  const answer = readFileSync(`${folder}/${name}.json`);
  answers.set(name, answer);
  return answer;
}
