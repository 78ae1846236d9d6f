/** A prefetch template, filled in for one patient. */
export interface Query {
  /** Relative to the FHIR base URL. */
  readonly path: string;
  readonly resourceType: string;
  /** A search is answered with a Bundle, a read with the resource. */
  readonly isSearch: boolean;
}

/**
 * Fills a prefetch template in for a patient. `{{context.patientId}}` is the one token the templates of this service use.
 *
 * @throws {Error} if another token is left: a template nobody can resolve is a mistake in the configuration.
 */
export function queryFor(template: string, patientId: string): Query {
  const path = template.replaceAll('{{context.patientId}}', encodeURIComponent(patientId));
  if (path.includes('{{')) throw new Error(`Unsupported token in the prefetch template ${template}`);
  const [resourceType = ''] = path.split(/[/?]/, 1);
  return { path, resourceType, isSearch: path.includes('?') };
}
