import { and, eq, notInArray, sql } from "drizzle-orm";
import { signal } from "querycast";
import { assertWriter } from "@/auth/assert-writer.ts";
import { channels } from "@/channels/index.ts";
import { refusalOf } from "@/db/refusal-of.ts";
import { articles, articleTags } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { SaveArticleInput, SavedArticle } from "./draft-schema.ts";
import { feedSignals } from "./feed-signals.ts";
import { findOwnArticle, lockOwnArticle, type OwnArticle, versionColumn } from "./own-article.ts";

/**
 * Saves the text of an article. A draft stays a draft; a published article changes for its readers. Saving
 * the same text again (a retry after a lost response) changes and publishes nothing.
 *
 * When another article has the slug, the text is saved and the article keeps its own slug.
 *
 * @throws {AppError} `conflict` when it was saved elsewhere since `basedOn`; `invalid_input` for a tag that does not exist;
 * `not_found`; `forbidden` for viewers who are not authors.
 */
export async function saveArticle(
  context: WriteContext,
  input: SaveArticleInput,
): Promise<SavedArticle> {
  const { tx, publish, send } = context;
  const isSlugTaken = await isTaken(context, input);
  if (input.basedOn === null) {
    const version = await create(context, input, isSlugTaken);
    if (version !== null) return version;
  }
  const before = await lockOwnArticle(context, input.articleId);
  const slug = isSlugTaken || input.slug === "" ? before.slug : input.slug;
  const after = { ...before, ...textOf(input), slug, tagIds: input.tagIds };
  if (isSameText(before, after)) return { version: before.version, slug, isSlugTaken };
  if (before.version !== input.basedOn) {
    throw new AppError("conflict", "This article was changed in another tab or on another device.");
  }
  const [saved] = await tx
    .update(articles)
    .set({ ...textOf(input), slug, updatedAt: sql`now()` })
    .where(eq(articles.id, before.id))
    .returning({ version: versionColumn });
  if (saved === undefined) throw new AppError("not_found", "This article no longer exists.");
  await setTags(tx, before.id, input.tagIds);
  await publish(changed(before.id), ...feedSignals(before, after));
  send(channels.preview({ articleId: before.id }), {
    type: "article.saved",
    fields: { articleId: before.id },
  });
  return { version: saved.version, slug, isSlugTaken };
}

/** `null` when an article with this id exists already. */
async function create(
  context: WriteContext,
  input: SaveArticleInput,
  isSlugTaken: boolean,
): Promise<SavedArticle | null> {
  assertWriter(context.viewer);
  const { tx, viewer } = context;
  const { articleId } = input;
  if ((await findOwnArticle(context, articleId)) !== null) return null;
  const slug = isSlugTaken || input.slug === "" ? `untitled-${articleId.slice(0, 8)}` : input.slug;
  const [created] = await tx
    .insert(articles)
    .values({ id: articleId, authorId: viewer.userId, ...textOf(input), slug })
    .onConflictDoNothing({ target: articles.id })
    .returning({ version: versionColumn });
  if (created === undefined) return null;
  await setTags(tx, articleId, input.tagIds);
  return { version: created.version, slug, isSlugTaken };
}

async function isTaken(
  { tx }: WriteContext,
  { slug, articleId }: SaveArticleInput,
): Promise<boolean> {
  if (slug === "") return false;
  const [row] = await tx.execute<{ isReserved: boolean }>(
    sql`select app.reserve_slug(${slug}, ${articleId}::uuid) as "isReserved"`,
  );
  return row?.isReserved === false;
}

async function setTags(
  tx: WriteContext["tx"],
  articleId: string,
  tagIds: readonly string[],
): Promise<void> {
  const ofArticle = eq(articleTags.articleId, articleId);
  await tx
    .delete(articleTags)
    .where(
      tagIds.length === 0 ? ofArticle : and(ofArticle, notInArray(articleTags.tagId, [...tagIds])),
    );
  if (tagIds.length === 0) return;
  await tx
    .insert(articleTags)
    .values(tagIds.map((tagId) => ({ articleId, tagId })))
    .onConflictDoNothing()
    .catch((error: unknown) => {
      if (refusalOf(error) !== "foreign_key_violation") throw error;
      const message = "A tag of this article does not exist any more. Choose the tags again.";
      throw new AppError("invalid_input", message, {
        cause: error,
        fieldErrors: { tagIds: [message] },
      });
    });
}

const changed = (articleId: string) =>
  signal(channels.resource({ resourceType: "article", resourceId: articleId }), "article.updated", {
    articleId,
  });

function textOf({ title, excerpt, body }: Pick<OwnArticle, "title" | "excerpt" | "body">) {
  return { title, excerpt, body };
}

function isSameText(one: OwnArticle, other: OwnArticle): boolean {
  const key = ({ slug, title, excerpt, body, tagIds }: OwnArticle) =>
    JSON.stringify([slug, title, excerpt, body, [...tagIds].sort()]);
  return key(one) === key(other);
}
