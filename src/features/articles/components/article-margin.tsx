import type { ReactNode } from "react";
import { longDate } from "@/lib/text/relative-time.ts";
import { count } from "@/lib/text/text.ts";
import { Link } from "@/ui/link.tsx";
import type { Article } from "../schema.ts";
import { TagList } from "./tag-list.tsx";

interface ArticleMarginProps {
  readonly article: Article;
  /** Whether the viewer can edit it. */
  readonly isOwn: boolean;
}

/** Author, date, reading time and tags, in the margin of the text. */
export function ArticleMargin({ article, isOwn }: ArticleMarginProps) {
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-3 border-t border-rule pt-3 text-sm lg:flex-col lg:border-t-2 lg:border-ink">
      <Item term="Author">
        <Link href={`/people/${article.author.handle}`} className="text-link font-semibold">
          {article.author.name}
        </Link>
      </Item>
      {article.publishedAt !== null && (
        <Item term="Published">
          <time dateTime={article.publishedAt}>{longDate(Date.parse(article.publishedAt))}</time>
        </Item>
      )}
      <Item term="Reading time">{count(article.readingMinutes, "minute")}</Item>
      {article.tags.length > 0 && (
        <Item term="Tags">
          <TagList tags={article.tags} />
        </Item>
      )}
      {isOwn && (
        <Item term="Yours">
          <Link href={`/write/${article.id}`} className="text-link font-semibold">
            Edit
          </Link>
        </Item>
      )}
    </dl>
  );
}

function Item({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt className="label-caps mb-0.5 text-ink-faint">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
