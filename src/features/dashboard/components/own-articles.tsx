"use client";

import { useQuery } from "@tanstack/react-query";
import { useLiveState } from "querycast/react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { cn } from "@/lib/cn.ts";
import { longListAtMost } from "@/lib/list-limits.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { LastRead } from "@/ui/data/last-read.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import { Notice } from "@/ui/notice.tsx";
import { type Sort, type Status, sorts, statuses } from "../keys.ts";
import { ownArticlesQuery, totalsQuery } from "../queries.ts";
import type { DashboardView, OwnArticle } from "../schema.ts";
import { OwnArticleRow } from "./own-article-row.tsx";
import { type DeletionActions, useDeletion } from "./use-deletion.ts";

interface OwnArticlesProps {
  readonly userId: string;
  readonly view: DashboardView;
  readonly actions: DeletionActions;
}

const statusWords: Record<Status, string> = {
  published: "Published",
  draft: "Drafts",
  deleting: "Deleted",
};
const sortWords: Record<Sort, string> = {
  newest: "Newest",
  viewed: "Most viewed",
  discussed: "Most discussed",
  reacted: "Most reactions",
};

/** An author's articles, live, by status and in the chosen order. */
export function OwnArticles({ userId, view, actions }: OwnArticlesProps) {
  const query = ownArticlesQuery(userId, view);
  const list = useQuery(query);
  const { lastReadAtMs } = useLiveState(query);
  const { data: totals } = useQuery(totalsQuery(userId));
  const { schedule, restore } = useDeletion(actions);
  const [deleted, setDeleted] = useState<OwnArticle | null>(null);
  const undo = useRef<HTMLButtonElement>(null);
  const failure = schedule.error ?? restore.error;

  // The pressed button is removed with its row.
  useEffect(() => {
    if (deleted !== null) undo.current?.focus();
  }, [deleted]);

  const onDelete = (article: OwnArticle) => {
    restore.reset();
    setDeleted(article);
    schedule.mutate(article, { onError: () => setDeleted(null) });
  };
  const onRestore = (article: OwnArticle) => {
    schedule.reset();
    setDeleted(null);
    restore.mutate(article);
  };

  return (
    <section aria-label="Your articles">
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2 border-t-2 border-ink pt-2.5 text-sm">
        {statuses.map((status) => (
          <ViewLink key={status} view={{ ...view, status }} isCurrent={status === view.status}>
            {statusWords[status]}{" "}
            <span className="text-xs text-ink-faint tabular-nums">{list.data?.counts[status]}</span>
          </ViewLink>
        ))}
        <LastRead atMs={lastReadAtMs} className="max-sm:order-last max-sm:basis-full sm:ml-auto" />
      </div>
      <nav aria-label="Order" className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {sorts.map((sort) => (
          <ViewLink key={sort} view={{ ...view, sort }} isCurrent={sort === view.sort}>
            {sortWords[sort]}
          </ViewLink>
        ))}
      </nav>
      <div role="status" className="empty:hidden">
        {deleted !== null && (
          <p className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 border-l-3 border-ink bg-sunk px-4 py-2.5 text-sm">
            “{deleted.title || "Untitled"}” is deleted. If it was in review, its submission was
            withdrawn. You can restore the article for seven days.
            <ActionButton
              ref={undo}
              look="quiet"
              size="sm"
              onClick={() => onRestore({ ...deleted, status: "deleting" })}
            >
              Undo
            </ActionButton>
          </p>
        )}
      </div>
      {failure && <Notice className="mt-4">{failure.message}</Notice>}
      {list.isError && (
        <ReadFailed onRetry={list.refetch}>Your articles could not be loaded.</ReadFailed>
      )}
      {list.isPending && <SkeletonList label="Loading your articles" />}
      {list.data?.rows.length === 0 && <Nothing status={view.status} />}
      <ol className="mt-1 divide-y divide-rule">
        {list.data?.rows.map((article) => (
          <li key={article.id}>
            <OwnArticleRow
              article={article}
              numbers={totals?.[article.id]}
              onDelete={() => onDelete(article)}
              onRestore={() => onRestore(article)}
            />
          </li>
        ))}
      </ol>
      <CutNote rows={list.data?.rows} most={longListAtMost}>
        The first {longListAtMost.toLocaleString("en")} articles of this order are shown.
      </CutNote>
    </section>
  );
}

interface ViewLinkProps {
  readonly view: DashboardView;
  readonly isCurrent: boolean;
  readonly children: ReactNode;
}

function ViewLink({ view, isCurrent, children }: ViewLinkProps) {
  return (
    <Link
      href={`/dashboard?${new URLSearchParams({ ...view })}`}
      scroll={false}
      aria-current={isCurrent ? "page" : undefined}
      className={cn(
        "py-1",
        isCurrent
          ? "font-semibold underline decoration-accent decoration-2 underline-offset-6"
          : "text-link",
      )}
    >
      {children}
      <LinkHint />
    </Link>
  );
}

function Nothing({ status }: { status: Status }) {
  if (status === "deleting") {
    return (
      <EmptyState title="No deleted articles">
        Deleted articles stay here for seven days and can be restored.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={status === "draft" ? "No drafts" : "No published articles yet"}
      action={
        <Link href="/write" className={buttonStyle()}>
          Write an article
        </Link>
      }
    >
      {status === "draft" && "Articles you start are saved here automatically."}
    </EmptyState>
  );
}
