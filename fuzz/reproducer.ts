import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { Finding } from './campaign.ts';
import { FHIR_ORIGIN } from './odd-fhir-server.ts';
import type { Target, WireRequest } from './wire.ts';

/** A finding as it is kept: the request as text where it is text. */
type Saved = {
  readonly rule: string;
  readonly says: string;
  readonly seed: number;
  readonly target: Target;
  readonly done: readonly string[];
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly encoding: 'utf8' | 'base64';
  readonly body?: string;
  readonly bytes?: string;
};

const text = { type: 'string' };

const isSaved = new Ajv().compile<Saved>({
  type: 'object',
  required: ['rule', 'says', 'seed', 'target', 'done', 'encoding'],
  properties: {
    rule: text,
    says: text,
    seed: { type: 'integer' },
    target: { enum: ['service', 'feedback', 'discovery', 'probe', 'page', 'nowhere'] },
    done: { type: 'array', items: text },
    method: text,
    path: text,
    headers: { type: 'object', additionalProperties: text },
    encoding: { enum: ['utf8', 'base64'] },
    body: text,
    bytes: text,
  },
});

/** Writes a finding to a file in the folder and tells its name; the port of the odd FHIR server is left open. */
export function saveFinding(
  folder: string,
  index: number,
  { violation, request, seed }: Finding,
  fhirOrigin: string,
): string {
  const file = join(folder, `finding-${index + 1}-${violation.oracle}.json`);
  const sent = request.via === 'http' ? request.body : request.bytes;
  const plain = sent?.toString('utf8') ?? '';
  const encoding = sent === undefined || Buffer.from(plain).equals(sent) ? 'utf8' : 'base64';
  const written = encoding === 'utf8' ? plain.replaceAll(fhirOrigin, FHIR_ORIGIN) : sent?.toString('base64');
  const { target, done } = request;
  const saved: Saved = {
    rule: violation.oracle,
    says: violation.says,
    seed,
    target,
    done,
    encoding,
    ...(request.via === 'http'
      ? {
          method: request.method,
          path: request.path,
          headers: request.headers,
          ...(sent === undefined ? {} : { body: written ?? '' }),
        }
      : { bytes: written ?? '' }),
  };
  writeFileSync(file, `${JSON.stringify(saved, undefined, 2)}\n`);
  return file;
}

/**
 * Reads a finding back.
 *
 * @throws {Error} if the file is not one of a finding.
 */
export function readFinding(file: string, fhirOrigin: string): Finding {
  const saved: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isSaved(saved)) throw new Error(`${file} is not a finding of the fuzzer`);
  const { rule: oracle, says, seed } = saved;
  return {
    violation: { oracle: oracle as Finding['violation']['oracle'], says },
    request: requestOf(saved, fhirOrigin),
    seed,
  };
}

function requestOf(saved: Saved, fhirOrigin: string): WireRequest {
  const { target, done, encoding } = saved;
  const bytesOf = (written: string) =>
    encoding === 'utf8' ? Buffer.from(written.replaceAll(FHIR_ORIGIN, fhirOrigin)) : Buffer.from(written, 'base64');
  if (saved.bytes !== undefined) return { via: 'socket', kind: 'socket', target, done, bytes: bytesOf(saved.bytes) };
  return {
    via: 'http',
    kind: 'structure',
    target,
    done,
    method: saved.method ?? 'POST',
    path: saved.path ?? '/',
    headers: saved.headers ?? {},
    body: saved.body === undefined ? undefined : bytesOf(saved.body),
    repeatable: true,
  };
}
