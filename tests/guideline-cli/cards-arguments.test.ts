import { describe, expect, test } from '@jest/globals';
import { parseCardsArguments, UsageError } from '../../src/guideline-cli/cards-arguments.ts';

describe('the command line', () => {
  test.each([['check'], ['list']] as const)('asks for %s of the guideline that ships', (command) => {
    expect(parseCardsArguments([command])).toEqual({ command, cards: undefined, overlays: [] });
  });

  test('names other folders', () => {
    expect(parseCardsArguments(['check', '--cards', 'x', '--overlay', 'y', '--overlay', 'z'])).toEqual({
      command: 'check',
      cards: 'x',
      overlays: ['y', 'z'],
    });
  });

  test('asks for an explanation of a patient on a hook', () => {
    expect(
      parseCardsArguments(['explain', 'anna', 'order-sign', 'doxorubicin', '--omit', 'patient,procedures']),
    ).toEqual({
      command: 'explain',
      patient: 'anna',
      hook: 'order-sign',
      draft: 'doxorubicin',
      omit: ['patient', 'procedures'],
      fixtures: undefined,
      cards: undefined,
      overlays: [],
    });
  });

  test.each([[['--help']], [['check', '-h']]])('asks for help with %j', (args) => {
    expect(parseCardsArguments(args)).toBeUndefined();
  });

  test.each([
    [[], 'What is to be done?'],
    [['chekc'], 'Unknown command: chekc'],
    [['check', 'x'], 'Unexpected argument: x'],
    [['explain', 'anna'], 'explain needs a patient and a hook'],
    [['explain', 'anna', 'order-sign', 'x', 'y'], 'Unexpected argument: y'],
    [['list', '--loud'], '--loud'],
  ])('is not understood when it is %j', (args, message) => {
    expect(() => parseCardsArguments(args)).toThrow(UsageError);
    expect(() => parseCardsArguments(args)).toThrow(message);
  });
});
