"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hold } from "querycast";
import type { ActionResult } from "@/lib/action-result.ts";
import { unwrapAction } from "@/lib/unwrap-action.ts";
import { dashboardKeys } from "../keys.ts";
import type { DashboardView, OwnArticle, OwnArticles } from "../schema.ts";
import { moveArticle } from "./move-article.ts";

type Action = (input: { articleId: string }) => Promise<ActionResult<void>>;

/** What can be done to an article from its author's list. */
export interface DeletionActions {
  readonly schedule: Action;
  readonly restore: Action;
}

const dayMs = 24 * 60 * 60 * 1_000;
/** Until the answer says when; the page shows the day alone. */
const restorableDays = 7;

/**
 * Deleting and restoring. Every list shows it at once; a failure puts them back, and the lists are read
 * again in any case. Signals of them are held meanwhile, so that no answer from before is shown after.
 */
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
  const queryKey = dashboardKeys.allArticles;
  return useMutation({
    mutationFn: ({ id }: OwnArticle) => unwrapAction(() => action({ articleId: id })),
    onMutate: async (article) => {
      const release = hold(queryClient, queryKey);
      await queryClient.cancelQueries({ queryKey });
      const before = queryClient.getQueriesData<OwnArticles>({ queryKey });
      for (const [key, list] of before) {
        const view = key[1] as DashboardView;
        if (list) queryClient.setQueryData(key, moveArticle(list, view, article, toMoved(article)));
      }
      return { release, before };
    },
    onError: (_, __, started) => {
      for (const [key, list] of started?.before ?? []) queryClient.setQueryData(key, list);
    },
    onSettled: (_, __, ___, started) => {
      started?.release();
      void queryClient.invalidateQueries({ queryKey });
    },
  });
}
