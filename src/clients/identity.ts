import type { Located } from '../guideline/source-file.ts';
import { isNew } from './uniqueness.ts';

/** A client as far as it says who it is. */
export interface ClientIdentity {
  readonly name: string;
  readonly iss: string;
  readonly tenants?: readonly string[];
}

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Which client a JWT means has to be certain (CH-162, CH-167), and so has the name under which it is logged. */
export function identityProblems(
  clients: readonly ClientIdentity[],
  { problem }: Pick<Located<unknown>, 'problem'>,
): readonly string[] {
  const names = new Set<string>();
  const issuers = Map.groupBy(clients, ({ iss }) => iss);
  const tenants = new Set<string>();
  return clients.flatMap(({ name, iss, tenants: own = [] }, at) => {
    const shared = (issuers.get(iss)?.length ?? 0) > 1;
    return [
      // It stands in lines of a log and in links: one that cannot be told from another there is none.
      ...(name !== name.trim() || CONTROL.test(name)
        ? [problem(['clients', at, 'name'], 'must have no control characters, and no blank at either end')]
        : []),
      ...(isNew(names, name.normalize().toLowerCase())
        ? []
        : [problem(['clients', at, 'name'], 'is the name of another client too')]),
      ...(/\s/.test(iss) || CONTROL.test(iss)
        ? [problem(['clients', at, 'iss'], 'must have no blanks: it could not be the iss of a JWT')]
        : []),
      ...(shared && own.length === 0
        ? [problem(['clients', at, 'iss'], 'is the iss of another client too: each of them needs tenants')]
        : []),
      ...own.flatMap((tenant, index) =>
        isNew(tenants, JSON.stringify([iss, tenant]))
          ? []
          : [problem(['clients', at, 'tenants', index], 'is a tenant of another client with the same iss too')],
      ),
    ];
  });
}
