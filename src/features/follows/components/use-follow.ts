"use client";

import { useMutation } from "@tanstack/react-query";
import { liveMutation } from "querycast";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { unwrapAction } from "@/lib/unwrap-action.ts";
import { setFollowAction } from "../actions.ts";
import { followStatusQuery, followsQuery } from "../queries.ts";

/** Following a discussion, or no longer. What shows it changes at once, and back when it fails. */
export function useFollow(page: ResourceRef, userId: string) {
  return useMutation(
    liveMutation({
      scope: { id: `follow ${page.resourceId}` },
      mutationFn: (isFollowed: boolean, { origin }) =>
        unwrapAction((stamp) => setFollowAction(stamp, { ...page, isFollowed }, origin)),
      optimistic: (isFollowed, show) => {
        show(followStatusQuery(page, userId).queryKey, () => isFollowed);
        // What is newly followed joins the list with the next read, which knows its title.
        show(followsQuery(userId).queryKey, (list) =>
          isFollowed
            ? list
            : list.filter(({ page: { resourceId } }) => resourceId !== page.resourceId),
        );
      },
    }),
  );
}
