"use client";

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { liveMutation } from "querycast";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import type { ThreadView } from "@/lib/thread-view.ts";
import { setReactionAction } from "../actions.ts";
import { ownReactionsQuery, reactionsQuery } from "../queries.ts";
import type { Reactable, ReactionKind, SetReactionInput } from "../schema.ts";
import { withCount, withOwn } from "./change.ts";

export interface ReactionsProps {
  /** The page of the target. Its reactions are fetched together. */
  readonly page: ResourceRef;
  /** The page of the thread it is on. Default: a thread that fits on one. */
  readonly view?: ThreadView;
  readonly reactable: Reactable;
  /** `null` when signed out: such viewers cannot react. */
  readonly viewerId: string | null;
}

/** The reactions to one target, and a function to toggle them with optimistic updates. */
export function useReactions({ page, view, reactable, viewerId }: ReactionsProps) {
  const { reactableId } = reactable;
  const counts = reactionsQuery(page, view);
  const own = ownReactionsQuery(page, viewerId, view);
  const { data: given = {} } = useQuery({
    ...counts,
    // What is shown stays until the reactions of a moved edge have been read.
    placeholderData: keepPreviousData,
    select: (all) => all[reactableId] ?? {},
  });
  const { data: mine = [] } = useQuery({
    ...own,
    placeholderData: keepPreviousData,
    select: (all) => all[reactableId] ?? [],
  });
  const { mutate, isError } = useMutation(
    liveMutation({
      // Sequential, so that the last press decides.
      scope: { id: `reaction ${reactableId}` },
      mutationFn: (input: SetReactionInput, { origin }) =>
        unwrapAction((stamp) => setReactionAction(stamp, input, origin)),
      optimistic: (input, show) => {
        show(counts.queryKey, (all) => withCount(all, input));
        show(own.queryKey, (all) => withOwn(all, input));
      },
    }),
  );
  return {
    given,
    mine,
    hasFailed: isError,
    toggle: (kind: ReactionKind) => mutate({ ...reactable, kind, isGiven: !mine.includes(kind) }),
  };
}
