import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** Compiles a schema into a function that lists what is wrong with a value; nothing wrong is the empty list. */
export function problemsAgainst(schema: AnySchema): (value: unknown) => readonly string[] {
  const ajv = new Ajv2020({ allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  return (value) =>
    validate(value) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath || '/'} ${e.message}`);
}
