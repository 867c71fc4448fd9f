"use client";

import { useMutation } from "@tanstack/react-query";
import { liveMutation } from "querycast";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { setBookmarkAction } from "../actions.ts";
import { bookmarkStatusQuery, bookmarksQuery } from "../queries.ts";

/** Adds and removes a bookmark, with optimistic updates. */
export function useBookmark(page: ResourceRef, userId: string) {
  return useMutation(
    liveMutation({
      scope: { id: `bookmark ${page.resourceId}` },
      mutationFn: (isKept: boolean, { origin }) =>
        unwrapAction((stamp) => setBookmarkAction(stamp, { ...page, isKept }, origin)),
      optimistic: (isKept, show) => {
        show(bookmarkStatusQuery(page, userId).queryKey, () => isKept);
        // A new bookmark joins the list with the next fetch, which has its title.
        show(bookmarksQuery(userId).queryKey, (list) =>
          isKept ? list : list.filter(({ page: { resourceId } }) => resourceId !== page.resourceId),
        );
      },
    }),
  );
}
