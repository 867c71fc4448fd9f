import { longDate } from "@/lib/text/relative-time.ts";
import type { Article } from "../schema.ts";

/** Title and standfirst of an article. */
export function ArticleHead({ article }: { article: Article }) {
  return (
    <header>
      {article.status !== "published" && (
        <p className="label-caps mb-3 text-accent">
          {article.deleteAt === null
            ? "Draft, only for you"
            : `Deleted, only for you until ${longDate(Date.parse(article.deleteAt))}`}
        </p>
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
