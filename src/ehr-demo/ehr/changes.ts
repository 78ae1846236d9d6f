import type { Resource } from '../patient-store.ts';
import { type Records, RecordsError } from './records.ts';

/** One change of what is on file. */
export type Change =
  | { readonly kind: 'create'; readonly resource: Omit<Resource, 'id'> }
  /** `before` is what stood there. */
  | { readonly kind: 'update'; readonly resource: Resource; readonly before: Resource }
  | { readonly kind: 'delete'; readonly before: Resource };

/** What became of changes that belong together. */
export type Outcome =
  /** What was created and updated, in order. */
  | { readonly kind: 'done'; readonly resources: readonly Resource[] }
  /** Nothing was changed. */
  | { readonly kind: 'undone'; readonly because: string }
  /** Something was changed and could not be put back. */
  | { readonly kind: 'halfway'; readonly because: string };

/** `Type/id` */
export function referenceTo({ resourceType, id }: Pick<Resource, 'resourceType' | 'id'>): string {
  return `${resourceType}/${id}`;
}

/** Makes all changes or none: if the store refuses one, those before it are taken back. */
export async function carryOut(records: Records, changes: readonly Change[]): Promise<Outcome> {
  const resources: Resource[] = [];
  const undo: (() => Promise<unknown>)[] = [];
  try {
    for (const change of changes) {
      // oxlint-disable-next-line no-await-in-loop -- in order: what is undone is what was done
      const { resource, takeBack } = await make(records, change);
      if (resource !== undefined) resources.push(resource);
      undo.push(takeBack);
    }
    return { kind: 'done', resources };
  } catch (error) {
    const isBack = await takenBack(undo);
    if (!(error instanceof RecordsError)) throw error;
    return isBack ? { kind: 'undone', because: error.message } : { kind: 'halfway', because: error.message };
  }
}

interface Made {
  readonly resource?: Resource;
  readonly takeBack: () => Promise<unknown>;
}

async function make(records: Records, change: Change): Promise<Made> {
  switch (change.kind) {
    case 'create': {
      const created = await records.create(change.resource);
      return { resource: created, takeBack: () => records.delete(referenceTo(created)) };
    }
    case 'update': {
      const updated = await records.update(change.resource);
      return { resource: updated, takeBack: () => records.update(change.before) };
    }
    case 'delete':
      await records.delete(referenceTo(change.before));
      return { takeBack: () => records.update(change.before) };
    default:
      return change satisfies never;
  }
}

async function takenBack(undo: readonly (() => Promise<unknown>)[]): Promise<boolean> {
  try {
    for (const takeBack of undo.toReversed()) {
      // oxlint-disable-next-line no-await-in-loop -- backwards, one by one
      await takeBack();
    }
    return true;
  } catch (error) {
    if (error instanceof RecordsError) return false;
    throw error;
  }
}
