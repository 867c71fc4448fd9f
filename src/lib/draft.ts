import { pageStamp } from "./page-viewer.ts";

/** Of the account that writes: another person in the same tab does not find the text in their form. */
const nameOf = (key: string) => `inkwell.draft.${pageStamp().madeFor ?? ""}.${key}`;

/** The text that this tab keeps for the account of the page. Null without one, or without storage. */
export function readDraft(key: string): string | null {
  return attempt(() => sessionStorage.getItem(nameOf(key)));
}

/** Keeps a text in this tab; null removes it. Storage that is full or switched off keeps nothing. */
export function writeDraft(key: string, text: string | null): void {
  attempt(() => {
    if (text === null) sessionStorage.removeItem(nameOf(key));
    else sessionStorage.setItem(nameOf(key), text);
  });
}

function attempt<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch {
    return null;
  }
}
