/**
 * Puts a text on the clipboard. Pages that were loaded over plain http have no `navigator.clipboard`; there, and
 * where it refuses, the browser copies a selection as Ctrl+C would.
 *
 * @returns Whether the text was copied.
 */
export async function copyText(text: string): Promise<boolean> {
  // The type promises what such a page does not have.
  const { clipboard }: { readonly clipboard?: Clipboard } = navigator;
  try {
    if (clipboard !== undefined) {
      await clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused: the selection is tried.
  }
  return copySelection(text);
}

function copySelection(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true; // no keyboard on a phone
  field.ariaHidden = "true";
  field.style.cssText = "position: fixed; top: 0; opacity: 0";
  // Beside the button: a dialog would take the focus back from an element outside of it.
  (focused?.parentElement ?? document.body).append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
