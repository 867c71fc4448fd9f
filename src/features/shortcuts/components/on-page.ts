/** Focuses the comment field, or the sign-in link for signed-out viewers. */
export function focusComposer(): void {
  document.querySelector<HTMLElement>("#add-comment :is(textarea, a)")?.focus();
}

/** Focuses the next or previous comment. Folded comments are skipped. */
export function stepComment(by: 1 | -1): void {
  const shown = [...document.querySelectorAll<HTMLElement>("#discussion article")].filter(
    (comment) => comment.checkVisibility(),
  );
  const at = shown.findIndex((comment) => comment.contains(document.activeElement));
  const from = at === -1 && by === -1 ? shown.length : at;
  shown[from + by]?.focus();
}

const busy =
  "input, textarea, select, [contenteditable], [role=menu], [role=dialog], [role=alertdialog]";

/** Whether a key belongs to a field, a menu, a dialog or the browser, and is no shortcut. */
export function isTaken(event: KeyboardEvent): boolean {
  return (
    event.defaultPrevented ||
    event.isComposing ||
    event.repeat ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    (event.target instanceof Element && event.target.closest(busy) !== null)
  );
}

/** Asks for confirmation when the page has unsaved text, as closing it would. */
export function mayLeave(): boolean {
  const isFree = dispatchEvent(new Event("beforeunload", { cancelable: true }));
  return isFree || confirm("You have unsaved changes. Leave the page?");
}
