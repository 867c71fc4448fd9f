import { randomUUID } from "node:crypto";
import type { Viewer } from "@/db/viewer.ts";
import type { SaveArticleInput } from "@/features/articles/write/draft-schema.ts";
import { findDraft } from "@/features/articles/write/find-draft.ts";
import { publishArticle } from "@/features/articles/write/publish-article.ts";
import { restoreArticle } from "@/features/articles/write/restore-article.ts";
import { saveArticle } from "@/features/articles/write/save-article.ts";
import { scheduleDeletion } from "@/features/articles/write/schedule-deletion.ts";
import { unpublishArticle } from "@/features/articles/write/unpublish-article.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";

type Member = WriteContext["viewer"];
const { ann } = viewers;

/** The actions on articles as Ann, unless another viewer is given. */
export function createArticleActions(site: () => SiteDatabase) {
  const text = (): Omit<SaveArticleInput, "basedOn"> => {
    const articleId = randomUUID();
    return {
      articleId,
      slug: `slug-${articleId}`,
      title: "A title",
      excerpt: "In short",
      body: "Text",
      tagIds: [idOf("tag")],
    };
  };
  const save = (input: SaveArticleInput, viewer: Member = ann) =>
    site().contexts.write(viewer)((ctx) => saveArticle(ctx, input));
  const draft = (articleId: string, viewer: Viewer = ann) =>
    site().contexts.read(viewer)((ctx) => findDraft(ctx, { articleId }));
  const publish = (articleId: string, basedOn: string) =>
    site().contexts.write(ann)((ctx) => publishArticle(ctx, { articleId, basedOn }));
  const unpublish = (articleId: string) =>
    site().contexts.write(ann)((ctx) => unpublishArticle(ctx, { articleId }));
  const remove = (articleId: string, viewer: Member = ann) =>
    site().contexts.write(viewer)((ctx) => scheduleDeletion(ctx, { articleId }));
  const restore = (articleId: string) =>
    site().contexts.write(ann)((ctx) => restoreArticle(ctx, { articleId }));

  async function published() {
    const input = text();
    const { version } = await save({ ...input, basedOn: null });
    await publish(input.articleId, version);
    await site().newSignals();
    return { input, version };
  }

  /** Channels of the new signals, except for the channel of the page. */
  const feeds = async () =>
    (await site().newSignals())
      .filter(({ name }) => name === "feed.changed")
      .map(({ channel }) => channel)
      .sort();

  return { text, save, draft, publish, unpublish, remove, restore, published, feeds };
}
