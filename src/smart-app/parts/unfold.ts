/** Opens whatever this stands in that is folded away, and itself. */
export function unfold(place: Element | null): void {
  for (let at = place; at !== null; at = at.parentElement) {
    if (at instanceof HTMLDetailsElement) at.open = true;
  }
}
