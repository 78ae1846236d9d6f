import { fileURLToPath } from 'node:url';
import { templateEngine } from '../../pages/template-engine.ts';

const engine = templateEngine(fileURLToPath(new URL('templates/', import.meta.url)));

/** `workspace` and `call` are parts of a page, for a page that is there already. */
export type Template =
  | 'patients'
  | 'choose-patient'
  | 'chart'
  | 'workspace'
  | 'call-page'
  | 'call'
  | 'problem'
  | 'problem-part';

export function render(template: Template, content: object): string {
  return String(engine.renderFileSync(template, content));
}
