import { asObject, asText } from '../../chart/json.ts';

/** Under which name fhirclient notes the name of the entry that has state and token. */
const SMART_KEY = 'SMART_KEY';

/** The storage of one tab: what of `sessionStorage` is needed to take things out of it. */
export type TabStorage = Pick<Storage, 'length' | 'key' | 'getItem' | 'removeItem'>;

/** Takes out all that fhirclient has stored, of this launch and of earlier ones in the tab; what is somebody else's stays. */
export function forgetStored(storage: TabStorage): void {
  const names = Array.from({ length: storage.length }, (_, at) => storage.key(at));
  for (const name of names) {
    if (name !== null && isFhirclients(name, storage.getItem(name))) storage.removeItem(name);
  }
}

/** The FHIR base URL of the launch that was begun under this state; undefined: there is none. */
export function serverOf(storage: TabStorage, state: string): string | undefined {
  const value = storage.getItem(state);
  return isFhirclients(state, value) ? asText(asObject(JSON.parse(value ?? 'null'))?.['serverUrl']) : undefined;
}

/** An entry of fhirclient has its own name in it. */
function isFhirclients(name: string, value: string | null): boolean {
  if (name === SMART_KEY) return true;
  try {
    return asObject(JSON.parse(value ?? ''))?.['key'] === name;
  } catch {
    return false;
  }
}
