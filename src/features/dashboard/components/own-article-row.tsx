import { longDate, shortDate } from "@/lib/text/relative-time.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import type { Numbers, OwnArticle } from "../schema.ts";
import { Figure } from "./figure.tsx";

interface OwnArticleRowProps {
  readonly article: OwnArticle;
  /** Undefined until they are loaded. */
  readonly numbers: Numbers | undefined;
  readonly onDelete: () => void;
  readonly onRestore: () => void;
}

/** One article with its numbers and its actions. */
export function OwnArticleRow({ article, numbers, onDelete, onRestore }: OwnArticleRowProps) {
  const title = article.title || "Untitled";
  const isDeleting = article.status === "deleting";
  return (
    <article className="grid gap-x-8 gap-y-2 py-4 lg:grid-cols-[minmax(0,1fr)_auto_auto] lg:items-center">
      <div className="min-w-0">
        <h3 className="font-serif text-lg leading-snug font-medium">
          <Link
            href={article.status === "draft" ? `/write/${article.id}` : `/articles/${article.slug}`}
            className="text-link decoration-transparent"
          >
            {title}
            <LinkHint />
          </Link>
        </h3>
        <p className="text-xs text-ink-faint" suppressHydrationWarning>
          {sinceWhen(article)}
        </p>
      </div>
      {article.status !== "draft" && (
        <p className="grid max-w-md grid-cols-[4fr_5fr_5fr] gap-x-2 lg:flex">
          <Figure value={numbers?.views ?? 0} of="view" />
          <Figure value={numbers?.comments ?? 0} of="comment" />
          <Figure value={numbers?.reactions ?? 0} of="reaction" />
        </p>
      )}
      <div className="-mx-3 flex lg:mx-0 lg:min-w-36 lg:justify-end">
        {isDeleting ? (
          <ActionButton look="quiet" size="sm" className="max-lg:ml-3" onClick={onRestore}>
            Restore<span className="sr-only"> “{title}”</span>
          </ActionButton>
        ) : (
          <>
            <Link
              href={`/write/${article.id}`}
              className={buttonStyle({ look: "bare", size: "sm" })}
            >
              Edit<span className="sr-only"> “{title}”</span>
            </Link>
            <ActionButton look="bare" size="sm" onClick={onDelete}>
              Delete<span className="sr-only"> “{title}”</span>
            </ActionButton>
          </>
        )}
      </div>
    </article>
  );
}

function sinceWhen({ status, publishedAt, updatedAt, deleteAt }: OwnArticle): string {
  if (deleteAt !== null)
    return `Will be deleted on ${longDate(Date.parse(deleteAt))}. Until then only you can see it`;
  const at = Date.parse(status === "published" ? (publishedAt ?? updatedAt) : updatedAt);
  return `${status === "published" ? "Published" : "Last changed"} ${shortDate(at, Date.now())}`;
}
