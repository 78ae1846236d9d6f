/** The disease by its full name, in lower case, in the order of words that problem lists and indexes use. */
export const FULL_NAME =
  /alveolar[\s-]{1,3}soft[\s-]{0,3}(?:parts?|tissue)[\s-]{1,3}sarcoma|sarcoma,?\s{1,3}alveolar[\s-]{1,3}soft[\s-]{0,3}(?:parts?|tissue)/;

/** It may mean something else. */
export const ABBREVIATION = /\basps\b/;

/** Worth a closer look: most texts are not. */
export const MENTION = /alveolar[\s-]{1,3}soft|\basps\b/i;

const NAME = '(?:alveolar[\\s-]{1,3}soft[\\s-]{0,3}(?:parts?|tissue)[\\s-]{1,3}sarcoma|asps)';
const RELATIVE = '(?:mother|father|parent|sister|brother|sibling|twin|son|daughter|aunt|uncle|cousin|relative)s?';

/** Denies the disease by its name, or says whose else it is; in lower case. */
export const OUTRIGHT_DENIAL = new RegExp(
  [
    '\\bfamily (?:history|hx)\\b',
    '\\bfhx?\\b',
    `\\b(?:no|not|without|exclude[sd]?|no evidence of|negative for|no history of)\\s(?:an? |the )?${NAME}`,
    `\\b${NAME}\\W{1,3}(?:(?:was|is|has|been|now)\\s){0,4}(?:ruled out|excluded|not confirmed)\\b`,
    `\\b${RELATIVE}\\s(?:with|had|has|died of)\\s${NAME}`,
    `\\b${NAME}\\W{1,3}(?:in|of) (?:(?:the|a|his|her|patient's) )?${RELATIVE}\\b`,
  ].join('|'),
);
