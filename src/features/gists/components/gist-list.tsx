"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import type { MouseEvent } from "react";
import { count } from "@/lib/text/text.ts";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { Notice } from "@/ui/notice.tsx";
import { gistsQuery } from "../queries.ts";
import type { GistEntry } from "../schema.ts";

interface GistListProps {
  /** Only gists of this person. */
  readonly ownerId: string | null;
  /** The cursor in the page's URL; `null` for the first page. */
  readonly from: string | null;
  readonly viewerId: string | null;
  readonly empty: string;
}

/** A list of gists in pages. The viewer's own list is live. */
export function GistList({ ownerId, from, viewerId, empty }: GistListProps) {
  const list = useInfiniteQuery(gistsQuery(ownerId, from, viewerId));
  const gists = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const nextCursor = list.data?.pages.at(-1)?.nextCursor ?? null;
  const showMore = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (!list.isFetchingNextPage) void list.fetchNextPage();
  };
  if (list.isSuccess && gists.length === 0) return <EmptyState title={empty} />;
  return (
    <>
      {list.isError && <Notice className="my-4">The gists could not be loaded. Try again.</Notice>}
      <ul className="divide-y divide-rule">
        {gists.map((gist) => (
          <li key={gist.id}>
            <Entry gist={gist} hasOwner={ownerId === null} />
          </li>
        ))}
      </ul>
      {nextCursor !== null && (
        <p className="border-t border-rule pt-6">
          <a
            href={`?${new URLSearchParams({ ...(ownerId === null ? {} : { show: "yours" }), after: nextCursor })}`}
            onClick={showMore}
            aria-disabled={list.isFetchingNextPage}
            className={buttonStyle({ look: "quiet" })}
          >
            {list.isFetchingNextPage ? "Loading…" : "Older gists"}
          </a>
        </p>
      )}
    </>
  );
}

function Entry({ gist, hasOwner }: { gist: GistEntry; hasOwner: boolean }) {
  const { id, title, description, isPrivate, filenames, owner, updatedAt, commentCount } = gist;
  return (
    <article className="py-6">
      <h2 className="font-serif text-xl font-medium">
        <Link href={`/gists/${id}`} className="hover:text-accent-strong">
          {title}
        </Link>
        {isPrivate && (
          <span className="label-caps ml-3 align-middle text-accent">Only for you</span>
        )}
      </h2>
      {description !== "" && (
        <p className="mt-1 max-w-[62ch] font-serif text-lg text-ink-soft">{description}</p>
      )}
      <p className="mt-2 font-mono text-xs text-ink-soft">{filenames.join("  ")}</p>
      <p className="mt-2 text-xs text-ink-faint">
        {hasOwner && (
          <>
            <Link href={`/people/${owner.handle}`} className="text-link text-ink-soft">
              {owner.name}
            </Link>
            {" · "}
          </>
        )}
        <RelativeTime at={updatedAt} />
        {commentCount > 0 && ` · ${count(commentCount, "comment")}`}
      </p>
    </article>
  );
}
