import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect, parseArgs } from 'node:util';
import express from 'express';
import type { FhirAccess } from './fhir-access.ts';
import { createRepository, fhirServer } from './fhir-server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    token: { type: 'string' },
    latency: { type: 'string', default: '0' },
  },
});
const { port, token, latency } = values;

const server = createServer();
server.listen(Number(port), '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const repository = createRepository();
  const access: FhirAccess = token === undefined ? { kind: 'anybody' } : { kind: 'static-token', token };
  const onFault = (fault: unknown): void => void process.stderr.write(`${inspect(fault)}\n`);
  const app = express();
  app.disable('x-powered-by');
  if (Number(latency) > 0) app.use((_request, _response, next) => setTimeout(next, Number(latency)));
  app.use('/fhir', fhirServer({ baseUrl: `${origin}/fhir`, repository, access, onFault }));
  // Some SMART clients drop the path of a FHIR base.
  app.use(fhirServer({ baseUrl: origin, repository, access, onFault }));
  server.on('request', app);
  process.stdout.write(`FHIR R4 server ready at ${origin}/fhir\n`);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
