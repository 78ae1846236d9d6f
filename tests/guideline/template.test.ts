import { describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Facts, type TemplateVariables } from '../../src/guideline/parsed-text.ts';
import { markdownTemplate, plainTemplate } from '../../src/guideline/template.ts';

const NO_WEIGHT = { kg: '', date: '', doseMg: '' };

function variables(given: {
  readonly facts?: Readonly<Record<string, string>>;
  readonly orderedDrugs?: string;
  readonly weight?: TemplateVariables['weight'];
}): TemplateVariables {
  const { facts = {}, orderedDrugs = 'chemotherapy', weight = NO_WEIGHT } = given;
  return {
    values: new Facts(() => ''),
    facts: new Facts((criterion) => facts[criterion] ?? 'unknown'),
    orderedDrugs,
    weight,
  };
}

describe('what is wrong with a text is known before the first call', () => {
  test.each([
    ['an unknown variable', 'For {{ patient.name }}', /no variable patient/],
    ['an unknown variable in a condition', '{% if age > 18 %}x{% endif %}', /no variable age/],
    ['an unknown variable in a branch that may never be taken', '{% if false %}{{ nobody }}{% endif %}', /nobody/],
    ['an unknown variable as the name of a fact', '{{ facts[which] }}', /no variable facts\.which/],
    ['an unknown filter', '{{ orderedDrugs | shout }}', /undefined filter: shout/],
    ['a tag that nobody knows', '{% execute x %}', /tag "execute" not found/],
    ['a tag that texts do not have', '{% case facts["a"] %}{% when "yes" %}x{% endcase %}', /case .* is not supported/],
    ['a filter', '{{ orderedDrugs | upcase }}', /a filter or an operator/],
    ['a condition that compares nothing', '{% if facts["a"] %}x{% endif %}', /compares nothing/],
    ['an order between answers', '{% if facts["a"] > "no" %}x{% endif %}', /the operator >/],
    ['a comparison with another variable', '{% if facts["a"] == facts["b"] %}x{% endif %}', /the operator ==/],
    ['a condition without an end', '{% if facts["a"] == "yes" %}x', /not closed/],
    ['an end without a condition', 'x{% endif %}', /endif/],
    ['an output without an end', 'For {{ orderedDrugs', /not closed/],
  ])('%s', (_claim, text, problem) => {
    expect(() => plainTemplate(text)).toThrow(problem);
    expect(() => markdownTemplate(text)).toThrow(problem);
  });
});

describe('a text', () => {
  test('without variables is as it was written', () => {
    expect(plainTemplate('a  b\nc').render(variables({}))).toBe('a  b\nc');
    expect(plainTemplate('a').criteria).toEqual([]);
  });

  test('names the criteria whose answers it uses', () => {
    const text =
      '{% if facts["one"] == "yes" and facts["two"] != "no" %}{{ orderedDrugs }}{% endif %}{{ facts.three }}';
    expect(plainTemplate(text).criteria).toEqual(expect.arrayContaining(['one', 'two', 'three']));
  });

  test('comes out on one line, however it is broken in the file', () => {
    const text = '{% if facts["a"] == "yes" %} yes,\n  it is {% else %}\n no {% endif %}\n';
    expect(plainTemplate(text).render(variables({ facts: { a: 'yes' } }))).toBe('yes, it is');
    expect(plainTemplate(text).render(variables({ facts: { a: 'unknown' } }))).toBe('no');
  });

  test('takes what is put in for text, not for markup or template', () => {
    const hostile = variables({ orderedDrugs: '<b>x</b> *y* {{ weight.kg }}\n{% if %}' });
    expect(markdownTemplate('{{ orderedDrugs }}').render(hostile)).toBe(
      '&lt;b&gt;x&lt;/b&gt; \\*y\\* \\{\\{ weight.kg \\}\\} \\{% if %\\}',
    );
    expect(plainTemplate('{{ orderedDrugs }}').render(hostile)).toBe('<b>x</b> *y* {{ weight.kg }} {% if %}');
  });

  test('reaches nothing but its variables', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(() => plainTemplate(`{{ ${name} }}`)).toThrow(/no variable/);
    }
  });
});

describe('no wording is kept from one patient to the next', () => {
  const dose =
    'Give {{ weight.doseMg }} mg for {{ weight.kg }} kg of {{ weight.date }}{% if facts["a"] == "yes" %}!{% endif %}';
  const light = { kg: '20', date: '2026-11-01', doseMg: '300' };
  const heavy = { kg: '60', date: '2026-11-20', doseMg: '900' };

  test('the weight of one patient is not shown for the next', () => {
    const { render } = plainTemplate(dose);
    expect(render(variables({ weight: light }))).toBe('Give 300 mg for 20 kg of 2026-11-01');
    expect(render(variables({ weight: heavy }))).toBe('Give 900 mg for 60 kg of 2026-11-20');
    expect(render(variables({ weight: NO_WEIGHT }))).toBe('Give mg for kg of');
    expect(render(variables({ weight: light }))).toBe('Give 300 mg for 20 kg of 2026-11-01');
  });

  test('an older weight of the same kilograms has its own date', () => {
    const { render } = plainTemplate(dose);
    render(variables({ weight: light }));
    expect(render(variables({ weight: { ...light, date: '2026-10-31' } }))).toContain('2026-10-31');
  });

  test('after whatever calls, a text is what it would be on the first', () => {
    const text = `{{ orderedDrugs }} {{ weight.kg }} ${dose} {{ facts["b"] }}`;
    const states = fc.constantFrom('yes', 'no', 'unknown');
    const call = fc.record({
      facts: fc.record({ a: states, b: states }),
      orderedDrugs: fc.constantFrom('x', 'y', 'x,yes', 'x and y', ''),
      weight: fc.constantFrom(light, heavy, { ...heavy, kg: '20' }, NO_WEIGHT),
    });
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 20 }), (calls) => {
        const used = markdownTemplate(text);
        for (const given of calls) {
          expect(used.render(variables(given))).toBe(markdownTemplate(text).render(variables(given)));
        }
      }),
    );
  });

  test('the thousandth wording is as right as the first', () => {
    const { render } = plainTemplate('Instead of {{ orderedDrugs }}');
    for (let at = 0; at < 1000; at += 1) {
      expect(render(variables({ orderedDrugs: `drug ${at}` }))).toBe(`Instead of drug ${at}`);
    }
  });

  test('an answer is asked for only by a text that uses it', () => {
    const ask = jest.fn(() => 'yes');
    plainTemplate('Instead of {{ orderedDrugs }}').render({
      ...variables({}),
      values: new Facts(() => ''),
      facts: new Facts(ask),
    });
    expect(ask).not.toHaveBeenCalled();
  });
});
