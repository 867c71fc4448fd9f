import Link from "next/link";
import { longDate } from "@/lib/relative-time.ts";
import type { Article } from "../schema.ts";
import { TagList } from "./tag-list.tsx";

/** Title and standfirst of an article. */
export function ArticleHead({ article }: { article: Article }) {
  return (
    <header>
      {article.publishedAt === null && (
        <p className="label-caps mb-3 text-accent">Draft, only for you</p>
      )}
      <h1 className="font-serif text-[clamp(2rem,1.3rem+3vw,3.25rem)] leading-[1.06] font-medium tracking-[-0.022em]">
        {article.title}
      </h1>
      {article.excerpt !== "" && (
        <p className="mt-5 max-w-[58ch] font-serif text-[clamp(1.2rem,1.1rem+0.5vw,1.4rem)] leading-snug text-ink-soft italic">
          {article.excerpt}
        </p>
      )}
    </header>
  );
}

/** Who wrote it, when, how long and about what: beside the text where there is a margin. */
export function ArticleMargin({ article }: { article: Article }) {
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-3 border-t border-rule pt-3 text-sm lg:flex-col lg:border-t-2 lg:border-ink">
      <Item term="Written by">
        <Link href={`/people/${article.author.handle}`} className="text-link font-semibold">
          {article.author.name}
        </Link>
      </Item>
      {article.publishedAt !== null && (
        <Item term="Published">
          <time dateTime={article.publishedAt}>{longDate(Date.parse(article.publishedAt))}</time>
        </Item>
      )}
      <Item term="Reading">{article.readingMinutes} minutes</Item>
      {article.tags.length > 0 && (
        <Item term="Subjects">
          <TagList tags={article.tags} />
        </Item>
      )}
    </dl>
  );
}

function Item({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="label-caps mb-0.5 text-ink-faint">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
