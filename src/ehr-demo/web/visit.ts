import type { Request, Response } from 'express';
import { isJsonObject } from '../../cds-hooks/json.ts';
import { CHARACTERS } from '../ehr/character.ts';
import type { Ehr } from '../ehr/ehr.ts';
import type { Session } from '../ehr/session.ts';
import { ASSETS_VERSION } from './assets.ts';
import { render, type Template } from './render.ts';
import { sessionCookie, sessionIdIn } from './session-cookie.ts';

/** One request to a page, and how it is answered. */
export interface Visit {
  readonly session: Session;
  /** The address of the patient list, which all others start with. */
  readonly base: string;
  /** Does it come from a page that is there already, and wants a part of it? */
  readonly wantsPart: boolean;
  /** A part of the address. */
  param(name: string): string;
  /** All values of a form's field that are texts. */
  fields(name: string): readonly string[];
  /** Undefined: nothing was sent under that name. */
  field(name: string): string | undefined;
  show(template: Template, content: object, status?: number): void;
  /** Says what is wrong; as a page, or as the content of the one that asks. */
  refuse(status: number, title: string, because: string): void;
  /** To another page, which is then asked for. */
  goTo(url: string): void;
}

export function visitOf(request: Request, response: Response, ehr: Ehr): Visit {
  const known = sessionIdIn(request.headers.cookie);
  const session = ehr.session(known);
  const base = request.baseUrl;
  if (session.id !== known) {
    response.append('Set-Cookie', sessionCookie(session.id, base === '' ? '/' : base, request.secure));
  }
  const wantsPart = request.get('HX-Request') === 'true';
  const body: unknown = request.body;
  const fields = (name: string): readonly string[] => {
    const sent = isJsonObject(body) && Object.hasOwn(body, name) ? body[name] : undefined;
    return [sent].flat().filter((value) => typeof value === 'string');
  };
  const show = (template: Template, content: object, status = 200) => {
    const { character } = session;
    response.status(status).type('html');
    const assets = `${base}/assets/${ASSETS_VERSION}`;
    response.send(render(template, { base, assets, characters: CHARACTERS, character, patientId: '', ...content }));
  };
  return {
    session,
    base,
    wantsPart,
    param: (name) => {
      const value = request.params[name];
      return typeof value === 'string' ? value : '';
    },
    fields,
    field: (name) => fields(name)[0],
    show,
    refuse: (status, title, because) => show(wantsPart ? 'problem-part' : 'problem', { title, because }, status),
    goTo: (url) => response.redirect(303, url),
  };
}
