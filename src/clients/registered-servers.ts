import { isAllowedFhirServer } from '../fhir/allow-list.ts';
import { isPlainHttpUrl, isUnderBase, serverKey, urlUnderBase } from '../fhir/server-base.ts';
import type { Problem } from './problem.ts';
import { isNew } from './uniqueness.ts';

/** A client as far as something of it may be asked. */
export interface RegisteredServers {
  readonly fhirServers: readonly string[];
  readonly prefetch: 'full' | 'lean';
}

/** FHIR servers that could not be asked, or not without being overheard (CH-31, CH-87, CH-152). */
export function serverProblems(
  { fhirServers, prefetch }: RegisteredServers,
  isProduction: boolean,
  problem: Problem,
): readonly string[] {
  const servers = new Set<string>();
  const lean =
    prefetch === 'lean' && fhirServers.length === 0
      ? [problem(['prefetch'], 'lean needs fhirServers: the rest is read from there')]
      : [];
  return [
    ...lean,
    ...fhirServers.flatMap((url, index) => {
      const fault = baseUrlFault(url, isProduction);
      if (fault !== undefined) return [problem(['fhirServers', index], fault)];
      return isNew(servers, serverKey(url) ?? url) ? [] : [problem(['fhirServers', index], 'is there twice')];
    }),
  ];
}

function baseUrlFault(url: string, isProduction: boolean): string | undefined {
  if (!isPlainHttpUrl(url)) return 'must be a FHIR base URL: http or https, and no query';
  const { protocol, pathname } = new URL(url);
  if (isProduction && protocol !== 'https:') return 'must be https in production';
  // Dots that lead up, and what has to be encoded: the operator reads another address than the one that is asked.
  if (pathname !== writtenPath(url)) return `must be written as it is asked: its path is ${pathname}`;
  return canBeAsked(url) ? undefined : 'could not be asked: no address lies below it';
}

/** By the very functions that decide it when a call comes. */
function canBeAsked(url: string): boolean {
  return (
    isAllowedFhirServer(url, { mode: 'listed', servers: [url] }) &&
    isUnderBase(url, url) &&
    urlUnderBase('Patient/1', url) !== undefined
  );
}

function writtenPath(url: string): string {
  const path = url.indexOf('/', url.indexOf('//') + 2);
  return path === -1 ? '/' : url.slice(path);
}
