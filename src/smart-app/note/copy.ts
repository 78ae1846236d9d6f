export type CopyOutcome = 'copied' | 'selected';

/**
 * Puts the text of an element on the clipboard. A frame inside an EHR is seldom allowed to: there the text is selected, and the
 * old command copies it; where that fails too, a key will do it.
 */
export async function copyTextOf(element: HTMLElement): Promise<CopyOutcome> {
  try {
    await navigator.clipboard.writeText(element.textContent ?? '');
    return 'copied';
  } catch {
    // Focus first: it takes a selection away.
    element.focus();
    element.ownerDocument.getSelection()?.selectAllChildren(element);
    return copiesSelection(element.ownerDocument) ? 'copied' : 'selected';
  }
}

function copiesSelection(document: Document): boolean {
  try {
    return document.execCommand('copy');
  } catch {
    // Browsers may drop it one day.
    return false;
  }
}
