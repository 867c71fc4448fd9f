/** Goes to where a comment is written, or to the way in for those who are not signed in. */
export function focusComposer(): void {
  document.querySelector<HTMLElement>("#add-comment :is(textarea, a)")?.focus();
}

/** Goes to the comment after or before the one that has the focus; what is folded away is passed over. */
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

/** Whether a key goes to a field, a menu or a dialog, or belongs to the browser: then it is no shortcut. */
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

/** Asks what guards unsaved text, as closing the page would. */
export function mayLeave(): boolean {
  const isFree = dispatchEvent(new Event("beforeunload", { cancelable: true }));
  return isFree || confirm("You have unsaved changes. Leave the page?");
}
