import { pageStamp } from "./pages/page-viewer.ts";

/** The key contains the account, so that another person in the same tab does not see the text. */
const nameOf = (key: string) => `inkwell.draft.${pageStamp().madeFor ?? ""}.${key}`;

/** The draft of this tab for the account of the page. Null without one, or without storage. */
export function readDraft(key: string): string | null {
  return attempt(() => sessionStorage.getItem(nameOf(key)));
}

/** Stores a draft in this tab; null removes it. Does nothing when storage is full or disabled. */
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
