import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { ArticleHead } from "@/features/articles/components/article-head.tsx";
import { ArticleMargin } from "@/features/articles/components/article-margin.tsx";
import { getArticle } from "@/features/articles/read/get-article.ts";
import { Link } from "@/ui/link.tsx";
import { RenderedProse } from "@/ui/rendered-text.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { renderText } from "@/wiring/renderings.ts";
import { Discussion } from "../../discussion.tsx";
import { PageTools } from "../../page-tools.tsx";
import { currentAccount } from "../../viewer.ts";
import { Watch } from "./watch.tsx";

interface ArticlePageProps {
  readonly params: Promise<{ slug: string }>;
}

const findArticle = cache((slug: string) => readAsViewer((ctx) => getArticle(ctx, { slug })));

export async function generateMetadata({ params }: ArticlePageProps): Promise<Metadata> {
  const article = await findArticle((await params).slug);
  return article === null ? {} : { title: article.title, description: article.excerpt };
}

export default async function ArticlePage({ params }: ArticlePageProps) {
  const [article, account] = await Promise.all([
    params.then(({ slug }) => findArticle(slug)),
    currentAccount(),
  ]);
  if (article === null) notFound();
  const { author } = article;
  const text = await renderText(
    { table: "articles", id: article.id, ownerId: author.id },
    { kind: "markdown", text: article.body },
    article.rendering,
  );
  return (
    <div className="grid grid-cols-1 gap-x-12 lg:grid-cols-[12rem_minmax(0,44rem)] xl:gap-x-20">
      <article className="contents">
        <div className="lg:col-start-2">
          <ArticleHead article={article} />
        </div>
        <div className="mt-8 lg:col-start-1 lg:row-start-2 lg:mt-12">
          <ArticleMargin article={article} isOwn={account?.id === author.id} />
        </div>
        <RenderedProse text={text} className="mt-8 lg:col-start-2 lg:row-start-2 lg:mt-11" />
      </article>
      <Watch article={article} />
      <div className="mt-14 lg:col-start-2">
        <PageTools page={{ resourceType: "article", resourceId: article.id }} />
        <aside aria-label="About the author" className="border-t border-rule pt-4 pb-16">
          <p className="max-w-[60ch] font-serif text-lg text-ink-soft">
            <Link href={`/people/${author.handle}`} className="text-link font-semibold text-ink">
              {author.name}
            </Link>{" "}
            {author.bio}
          </p>
        </aside>
        <Discussion
          pageRef={{ resourceType: "article", resourceId: article.id }}
          pageOwnerId={author.id}
          path={`/articles/${article.slug}`}
        />
      </div>
    </div>
  );
}
