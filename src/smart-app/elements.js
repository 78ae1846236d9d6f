// What comes from an EHR gets into the page as text alone.

/**
 * @param {string} id of an element that the page has
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}`);
  return found;
}

/**
 * @param {string} id of the element that says it
 * @param {string} text
 */
export function say(id, text) {
  byId(id).textContent = text;
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {readonly (Node | string)[]} content strings become text
 * @param {string} className
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, content, className = '') {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...content);
  return made;
}
