/**
 * Stands for the patient: it is in the identifiers, names and hostile values of every request, and no error answer may
 * hold it. It is a valid FHIR id, so that what carries it still gets past the door.
 */
export const CANARY = 'Zqxj4711';

/** What this template would say if the service evaluated text from a chart. */
export const EVALUATED = 'liquid-evaluated';

/** Liquid that shows itself when it is evaluated. */
export const LIQUID = '{{ "liquid" | append: "-evaluated" }}';

/** Markdown that would be a link on a card. */
export const LINK = '[planted](http://planted.example/)';
