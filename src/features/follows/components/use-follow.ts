"use client";

import { useMutation } from "@tanstack/react-query";
import { liveMutation } from "querycast";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { setFollowAction } from "../actions.ts";
import { followStatusQuery, followsQuery } from "../queries.ts";

/** Follows and unfollows a discussion, with optimistic updates. */
export function useFollow(page: ResourceRef, userId: string) {
  return useMutation(
    liveMutation({
      scope: { id: `follow ${page.resourceId}` },
      mutationFn: (isFollowed: boolean, { origin }) =>
        unwrapAction((stamp) => setFollowAction(stamp, { ...page, isFollowed }, origin)),
      optimistic: (isFollowed, show) => {
        show(followStatusQuery(page, userId).queryKey, () => isFollowed);
        // A newly followed discussion joins the list with the next fetch, which has its title.
        show(followsQuery(userId).queryKey, (list) =>
          isFollowed
            ? list
            : list.filter(({ page: { resourceId } }) => resourceId !== page.resourceId),
        );
      },
    }),
  );
}
