"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import {
  type ArticleIdInput,
  articleIdInput,
  type SaveArticleInput,
  type SavedArticle,
  saveArticleInput,
  type VersionedArticleInput,
  versionedArticleInput,
} from "./write/draft-schema.ts";
import { publishArticle } from "./write/publish-article.ts";
import { restoreArticle } from "./write/restore-article.ts";
import { saveArticle } from "./write/save-article.ts";
import { scheduleDeletion } from "./write/schedule-deletion.ts";
import { unpublishArticle } from "./write/unpublish-article.ts";

export async function saveArticleAction(
  stamp: PageStamp,
  input: SaveArticleInput,
): Promise<ActionResult<SavedArticle>> {
  return runAction(stamp, async () => {
    const parsed = saveArticleInput.parse(input);
    return writeAsViewer((ctx) => saveArticle(ctx, parsed));
  });
}

export async function publishArticleAction(
  stamp: PageStamp,
  input: VersionedArticleInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = versionedArticleInput.parse(input);
    await writeAsViewer((ctx) => publishArticle(ctx, parsed));
  });
}

export async function unpublishArticleAction(
  stamp: PageStamp,
  input: ArticleIdInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = articleIdInput.parse(input);
    await writeAsViewer((ctx) => unpublishArticle(ctx, parsed));
  });
}

export async function scheduleDeletionAction(
  stamp: PageStamp,
  input: ArticleIdInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = articleIdInput.parse(input);
    await writeAsViewer((ctx) => scheduleDeletion(ctx, parsed), origin);
  });
}

export async function restoreArticleAction(
  stamp: PageStamp,
  input: ArticleIdInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = articleIdInput.parse(input);
    await writeAsViewer((ctx) => restoreArticle(ctx, parsed), origin);
  });
}
