import type { FhirExchange } from '../fhir-server/fhir-exchange.ts';

/** One exchange with the CDS service, for whoever integrates another EHR. The bodies are byte by byte those that were sent. */
export interface Exchange {
  /** Unique; fit for an HTML id. */
  readonly id: string;
  readonly at: Date;
  /** The hook's name, or what else was asked. */
  readonly about: string;
  readonly request: {
    readonly method: 'GET' | 'POST';
    readonly url: string;
    /** Those that the EHR sets; whatever sends it adds others, such as `host` and `content-length`. */
    readonly headers: Readonly<Record<string, string>>;
    /** The JSON text that was sent. */
    readonly body?: string;
  };
  readonly response:
    | {
        readonly status: number;
        readonly headers: Readonly<Record<string, string>>;
        /** The text that came. */
        readonly body: string;
      }
    /** Nothing came: why, in words. */
    | { readonly failure: string };
  /** From the first byte sent to the last received. */
  readonly milliseconds: number;
  /** What the service asked of the EHR's FHIR server meanwhile. */
  readonly fhirTraffic: readonly FhirExchange[];
}
