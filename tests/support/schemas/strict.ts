/** Text that is there: neither empty nor white space alone (CH-20). */
export const text = { type: 'string', pattern: '\\S' } as const;

export const url = { type: 'string', format: 'uri' } as const;

/** An extension is an object, its content agreed between the parties (CH-185). */
export const extension = { allOf: [{ type: 'object' }, { $ref: '#/$defs/present' }] } as const;

/** `present`: no null and nothing empty, at any depth (CH-19, CH-20). */
export const definitions = {
  present: {
    anyOf: [
      text,
      { type: 'number' },
      { type: 'boolean' },
      { type: 'array', minItems: 1, items: { $ref: '#/$defs/present' } },
      { type: 'object', minProperties: 1, additionalProperties: { $ref: '#/$defs/present' } },
    ],
  },
} as const;
