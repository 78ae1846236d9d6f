// What the pages of the demo do by themselves; the rest is htmx. Without this script everything but the search works.

/**
 * The form of each request: an answer that takes the form away makes htmx tell of the request elsewhere.
 *
 * @type {WeakMap<object, HTMLFormElement>}
 */
const askedBy = new WeakMap();

filterPatients();
document.addEventListener('click', copy);
document.addEventListener('htmx:before:request', showBusy);
document.addEventListener('htmx:finally:request', showDone);
document.addEventListener('htmx:error', sayUnreachable);

/** Shows only the patients whose name or story has all the words that were typed. */
function filterPatients() {
  const box = document.getElementById('filter');
  const count = document.getElementById('filter-count');
  const typed = document.getElementById('filter-text');
  if (box === null || count === null || !(typed instanceof HTMLInputElement)) return;
  const patients = [...document.querySelectorAll('#patients > li')];
  box.hidden = false;
  typed.addEventListener('input', () => {
    const words = typed.value.toLowerCase().split(/\s+/);
    for (const patient of patients) {
      const told = patient.textContent.toLowerCase();
      patient.toggleAttribute(
        'hidden',
        words.some((word) => !told.includes(word)),
      );
    }
    const shown = patients.filter((patient) => !patient.hasAttribute('hidden')).length;
    count.textContent = typed.value.trim() === '' ? '' : `${shown} of ${patients.length} patients`;
  });
}

/**
 * Puts the text that a button names on the clipboard; where the browser will not, shows it selected.
 *
 * @param {Event} event
 */
async function copy(event) {
  const button = event.target instanceof Element ? event.target.closest('[data-copy]') : null;
  const source = document.getElementById(button?.getAttribute('data-copy') ?? '');
  if (button === null || source === null) return;
  const said = button.parentElement?.querySelector('[role=status]');
  try {
    await navigator.clipboard.writeText(source.textContent);
    if (said) said.textContent = 'Copied.';
  } catch {
    source.closest('details')?.setAttribute('open', '');
    getSelection()?.selectAllChildren(source);
    source.focus();
    if (said) said.textContent = 'Selected: copy it with the keyboard.';
  }
}

/**
 * Whoever does not see the page change must not press twice. The button keeps the focus, which `disabled` would take away.
 *
 * @param {Event} event
 */
function showBusy(event) {
  const form = event.target;
  if (!(event instanceof CustomEvent) || !(form instanceof HTMLFormElement)) return;
  askedBy.set(event.detail.ctx, form);
  for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true');
}

/**
 * Where the button that was pressed is gone, the focus goes to what its form names for that.
 *
 * @param {Event} event
 */
function showDone(event) {
  const form = event instanceof CustomEvent ? askedBy.get(event.detail.ctx) : undefined;
  if (form === undefined) return;
  for (const button of form.querySelectorAll('button')) button.removeAttribute('aria-disabled');
  if (document.activeElement !== document.body) return;
  const next = document.getElementById(form.dataset['then'] ?? '') ?? document.getElementById('status');
  next?.focus();
}

function sayUnreachable() {
  const status = document.getElementById('status');
  if (status !== null) status.textContent = 'The demo EHR does not answer. Is the service still running?';
}
