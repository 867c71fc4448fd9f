"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { liveMutation } from "querycast";
import type { ActionResult } from "@/lib/errors/action-result.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { dashboardKeys } from "../keys.ts";
import type { DashboardView, OwnArticle, OwnArticles } from "../schema.ts";
import { moveArticle } from "./move-article.ts";

type Action = (
  stamp: PageStamp,
  input: { articleId: string },
  origin?: string,
) => Promise<ActionResult<void>>;

/** Actions on an article in its author's list. */
export interface DeletionActions {
  readonly schedule: Action;
  readonly restore: Action;
}

const dayMs = 24 * 60 * 60 * 1_000;
/** Estimate until the server has responded; the page shows only the date. */
const restorableDays = 7;

/** Deletes and restores articles, with optimistic updates of every list. */
export function useDeletion({ schedule, restore }: DeletionActions) {
  return {
    schedule: useMove(schedule, (article) => ({
      ...article,
      status: "deleting",
      deleteAt: new Date(Date.now() + restorableDays * dayMs).toISOString(),
    })),
    restore: useMove(restore, (article) => ({
      ...article,
      status: article.publishedAt === null ? "draft" : "published",
      deleteAt: null,
    })),
  };
}

function useMove(action: Action, toMoved: (article: OwnArticle) => OwnArticle) {
  const queryClient = useQueryClient();
  return useMutation(
    liveMutation({
      mutationFn: ({ id }: OwnArticle, { origin }) =>
        unwrapAction((stamp) => action(stamp, { articleId: id }, origin)),
      optimistic: (article, show) => {
        const lists = queryClient.getQueryCache().findAll({ queryKey: dashboardKeys.allArticles });
        for (const { queryKey } of lists) {
          const view = queryKey[1] as DashboardView;
          show<OwnArticles>(queryKey, (list) => moveArticle(list, view, article, toMoved(article)));
        }
      },
    }),
  );
}
