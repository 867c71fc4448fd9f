import { pageStamp } from "@/lib/page-viewer.ts";
import type { ArticleText } from "../draft-schema.ts";

/** What is not on the server yet, kept in this browser in case the page does not live to save it. */
export interface LocalCopy {
  readonly articleId: string;
  readonly text: ArticleText;
  readonly basedOn: string | null;
}

/** Of the account that writes: another person in this browser does not find the text. */
const keyOf = (articleId: string) => `inkwell.article.${pageStamp().madeFor ?? ""}.${articleId}`;
/** Where a text is kept that has no place on the server yet: nobody knows its id after a crash. */
const newKey = () => keyOf("new");

/** The copy of one article, or of one that was new; `null` when there is none. */
export function readCopy(articleId: string | null): LocalCopy | null {
  const stored = attempt(() =>
    localStorage.getItem(articleId === null ? newKey() : keyOf(articleId)),
  );
  if (stored === null) return null;
  const copy = attempt(() => JSON.parse(stored) as LocalCopy);
  return typeof copy?.text?.body === "string" ? copy : null;
}

/** Keeps a text in place of the one before; `null` keeps none. Storage that is full costs only that. */
export function writeCopy(
  articleId: string,
  copy: { readonly text: ArticleText; readonly basedOn: string | null } | null,
): void {
  attempt(() => {
    if (copy !== null) {
      const key = copy.basedOn === null ? newKey() : keyOf(articleId);
      localStorage.setItem(key, JSON.stringify({ articleId, ...copy } satisfies LocalCopy));
    } else localStorage.removeItem(keyOf(articleId));
    if (copy?.basedOn !== null && readCopy(null)?.articleId === articleId) {
      localStorage.removeItem(newKey());
    }
  });
}

function attempt<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch {
    return null;
  }
}
