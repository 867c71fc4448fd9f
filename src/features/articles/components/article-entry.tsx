import { cn } from "@/lib/cn.ts";
import { longDate, shortDate } from "@/lib/text/relative-time.ts";
import { count } from "@/lib/text/text.ts";
import { Link } from "@/ui/link.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import type { ArticleEntry as Entry } from "../schema.ts";
import { TagList } from "./tag-list.tsx";

interface ArticleEntryProps {
  readonly entry: Entry;
  /** The first article of the home page has a larger title. */
  readonly isLead?: boolean;
  readonly hasAuthor?: boolean;
}

/** An article in a list, with date and reading time in the margin. The title is the link. */
export function ArticleEntry({ entry, isLead = false, hasAuthor = true }: ArticleEntryProps) {
  const publishedMs = Date.parse(entry.publishedAt);
  return (
    <article className="group relative grid gap-x-8 gap-y-2 py-7 sm:grid-cols-[5.5rem_minmax(0,1fr)]">
      <p className="flex gap-x-3 text-xs text-ink-faint sm:flex-col sm:pt-1.5">
        <time dateTime={entry.publishedAt} title={longDate(publishedMs)} suppressHydrationWarning>
          {shortDate(publishedMs, Date.now())}
        </time>
        <span>{entry.readingMinutes} min</span>
      </p>
      <div className="min-w-0">
        <h3
          className={cn(
            "font-serif font-medium tracking-[-0.015em]",
            isLead ? "text-2xl sm:text-3xl" : "text-xl",
          )}
        >
          <Link
            href={`/articles/${entry.slug}`}
            className="decoration-accent decoration-1 underline-offset-[0.14em] group-hover:underline"
          >
            {entry.title}
            <LinkHint />
          </Link>
        </h3>
        <p
          className={cn(
            "mt-2 max-w-[62ch] font-serif text-ink-soft",
            isLead ? "text-lg" : "text-base",
          )}
        >
          {entry.excerpt}
        </p>
        <div className="mt-3 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-xs text-ink-faint">
          {hasAuthor && (
            <Link
              href={`/people/${entry.author.handle}`}
              className="text-link font-semibold text-ink decoration-transparent"
            >
              {entry.author.name}
            </Link>
          )}
          <TagList tags={entry.tags} />
          {entry.commentCount > 0 && (
            <Link
              href={`/articles/${entry.slug}#discussion`}
              className="text-link decoration-transparent"
            >
              {count(entry.commentCount, "comment")}
            </Link>
          )}
        </div>
      </div>
    </article>
  );
}
