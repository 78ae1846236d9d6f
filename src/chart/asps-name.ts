/** The disease by its full name, in lower case, in the order of words that problem lists and indexes use. */
export const FULL_NAME =
  /alveolar[\s-]{1,3}soft[\s-]{0,3}(?:parts?|tissue)[\s-]{1,3}sarcoma|sarcoma,?\s{1,3}alveolar[\s-]{1,3}soft[\s-]{0,3}(?:parts?|tissue)/;

/** It may mean something else. */
export const ABBREVIATION = /\basps\b/;

/** Worth a closer look: most texts are not. */
export const MENTION = /alveolar[\s-]{1,3}soft|\basps\b/i;
