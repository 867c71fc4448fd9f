import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type ArticleSource, parseArticle } from "./parse-article.ts";
import { type GistSource, parseGist } from "./parse-gist.ts";
import { type CommentSource, parseThread } from "./parse-thread.ts";
import { type Person, people } from "./people.ts";
import { tags } from "./tags.ts";

/** The content of the seed, before it has ids and dates. */
export interface Content {
  readonly people: readonly Person[];
  readonly tags: typeof tags;
  readonly articles: readonly ArticleSource[];
  readonly gists: readonly GistSource[];
  /** By slug of the article. */
  readonly articleThreads: ReadonlyMap<string, readonly CommentSource[]>;
  /** By slug of the gist. */
  readonly gistThreads: ReadonlyMap<string, readonly CommentSource[]>;
}

/** Reads the documents next to this file. */
export async function readContent(): Promise<Content> {
  const [articles, gists, articleThreads, gistThreads] = await Promise.all([
    readFolder("articles", parseArticle),
    readFolder("gists", parseGist),
    readFolder("threads/articles", parseThread),
    readFolder("threads/gists", parseThread),
  ]);
  return {
    people,
    tags,
    articles: [...articles.values()],
    gists: [...gists.values()],
    articleThreads,
    gistThreads,
  };
}

async function readFolder<T>(
  name: string,
  parse: (slug: string, text: string) => T,
): Promise<Map<string, T>> {
  const folder = new URL(`./${name}/`, import.meta.url);
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md")).sort();
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, T]> => {
        const slug = basename(file, ".md");
        return [slug, parse(slug, await readFile(new URL(file, folder), "utf8"))];
      }),
    ),
  );
}
