import { describe, expect, test } from '@jest/globals';
import { READ_TYPES } from '../../src/smart-app/session/scopes.ts';
import { documentAt } from './documents.ts';

const PAGES = ['epic', 'oracle-health', 'athenahealth', 'open-source-ehr'];

describe('the integrator pages on the SMART app', () => {
  const { text } = documentAt('docs/integrators/README.md');
  const section = text.slice(text.indexOf('### Scopes of the app'), text.indexOf('### When the app does not open'));
  const rows = [
    ...section.matchAll(/^\| (?<type>[A-Z]\w+) +\| `(?<v1>[^`]+)` +\| `(?<v2>[^`]+)` +\| (?<without>.+?) +\|$/gm),
  ];

  test('list every type that the app reads and no other, in both forms of scopes', () => {
    expect(rows.map(({ groups }) => [groups?.['type'], groups?.['v1'], groups?.['v2']])).toEqual(
      READ_TYPES.map((type) => [type, `patient/${type}.read`, `patient/${type}.rs`]),
    );
  });

  test('say of each what is unknown without it', () => {
    expect(rows.map(({ groups }) => groups?.['without'] ?? '').filter((words) => words.length < 20)).toEqual([]);
  });

  test('have the addresses to register', () => {
    for (const address of ['`PUBLIC_URL/smart/launch`', '`PUBLIC_URL/smart/`']) expect(text).toContain(address);
  });

  test.each(PAGES)('have a section for %s, which leads to what all have in common', (page) => {
    const { text: own } = documentAt(`docs/integrators/${page}.md`);
    expect(own).toMatch(/^## The SMART app\n\n\[[^\]]+\]\(README\.md#the-smart-app\)/m);
  });

  test.each(['smartClientId', 'smartAuthorizationServers', 'smartFrameAncestors'])(
    'name %s, and so does Operating',
    (member) => {
      expect(text).toContain(`${member}:`);
      expect(documentAt('docs/operators.md').text).toContain(`| \`${member}\``);
    },
  );
});
