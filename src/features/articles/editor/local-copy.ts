import { pageStamp } from "@/lib/pages/page-viewer.ts";
import type { ArticleText } from "../write/draft-schema.ts";

/** A copy of unsaved text in this browser, in case the page closes before it is saved. */
export interface LocalCopy {
  readonly articleId: string;
  readonly text: ArticleText;
  readonly basedOn: string | null;
}

/** The key contains the account, so that another person in this browser does not see the text. */
const keyOf = (articleId: string) => `inkwell.article.${pageStamp().madeFor ?? ""}.${articleId}`;
/** Key of an article that is not on the server yet: its id would not be known after a crash. */
const newKey = () => keyOf("new");

/** The copy of an article, or of a new one; `null` when none exists. */
export function readCopy(articleId: string | null): LocalCopy | null {
  const stored = attempt(() =>
    localStorage.getItem(articleId === null ? newKey() : keyOf(articleId)),
  );
  if (stored === null) return null;
  const copy = attempt(() => JSON.parse(stored) as LocalCopy);
  return typeof copy?.text?.body === "string" ? copy : null;
}

/** Stores a copy; `null` removes it. Does nothing when storage is full. */
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
