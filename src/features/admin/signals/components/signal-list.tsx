"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Names } from "@/lib/text/names.ts";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { Notice } from "@/ui/notice.tsx";
import { signalsQuery } from "../queries.ts";
import type { SignalFilter, SignalRow } from "../schema.ts";
import { SignalTable } from "./signal-table.tsx";
import { useTail } from "./use-tail.ts";

/** The signal log, newest first. New signals are added while the page is open. */
export function SignalList({ filter }: { filter: SignalFilter }) {
  const [isFollowing, setIsFollowing] = useState(true);
  const list = useInfiniteQuery({ ...signalsQuery(filter), refetchOnWindowFocus: false });
  const tail = useTail(filter, isFollowing);
  const signals = united(tail.signals, list.data?.pages.flatMap((page) => page.signals) ?? []);
  const pages = list.data?.pages;
  const names = useMemo(
    () => Object.assign({}, ...(pages ?? []).map((page) => page.names), tail.names) as Names,
    [pages, tail.names],
  );
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const failure = list.error?.message ?? tail.error;
  return (
    <>
      <div className="mt-4 mb-2 flex items-center justify-between gap-4">
        <p role="status" className="text-xs text-ink-faint">
          {isFollowing ? "New signals appear as they are committed." : "Paused."}
        </p>
        <Button look="quiet" size="sm" onClick={() => setIsFollowing(!isFollowing)}>
          {isFollowing ? "Pause" : "Resume"}
        </Button>
      </div>
      {failure && <Notice className="mb-4">{failure}</Notice>}
      {list.isPending && <SkeletonList label="Loading the log" />}
      {list.isSuccess && signals.length === 0 && (
        <EmptyState title={isFiltered ? "No signal matches this filter" : "No signals yet"}>
          New signals appear here when they are committed.
        </EmptyState>
      )}
      {signals.length > 0 && <SignalTable signals={signals} names={names} />}
      {list.hasNextPage && (
        <p className="pt-6">
          <Button
            look="quiet"
            aria-disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? "Loading…" : "Earlier signals"}
          </Button>
        </p>
      )}
    </>
  );
}

function united(...lists: readonly (readonly SignalRow[])[]): readonly SignalRow[] {
  return [...new Map(lists.flat().map((signal) => [signal.place, signal])).values()];
}
