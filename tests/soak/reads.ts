import type { QueryKey } from "@tanstack/react-query";
import type { Viewer } from "@/db/viewer.ts";
import { listComments } from "@/features/comments/list-comments.ts";
import { commentsQuery } from "@/features/comments/queries.ts";
import type { ResourceRef } from "@/features/comments/schema.ts";
import { countUnread } from "@/features/notifications/count-unread.ts";
import { listNotifications } from "@/features/notifications/list-notifications.ts";
import { notificationsQuery, unreadCountQuery } from "@/features/notifications/queries.ts";
import { AppError } from "@/lib/app-error.ts";
import type { Contexts } from "@/wiring/create-contexts.ts";

/** One thing a person looks at: bound as the site binds it, read as the site reads it. */
export interface Read {
  readonly name: string;
  readonly queryKey: QueryKey;
  /** Bindings and paging of the site's own query. */
  readonly options: { readonly queryKey: QueryKey; readonly meta?: Record<string, unknown> };
  readonly isInfinite: boolean;
  /** The select, as its viewer. */
  readonly select: () => Promise<unknown>;
  /** What the cache holds when it is right: what the select says, in the shape of the cache. */
  readonly expected: () => Promise<unknown>;
  /** The page, for a thread. */
  readonly page: ResourceRef | undefined;
}

/** In a cache: nothing. The viewer may not read it, so nothing of it is kept. */
export const nothing = undefined;

export function createReads(
  contexts: Contexts,
  viewer: Viewer & { readonly userId: string },
  pages: readonly { readonly name: string; readonly ref: ResourceRef }[],
): readonly Read[] {
  const read = contexts.read(viewer);
  const threads = pages.map(({ name, ref }): Read => {
    const select = () => read((context) => listComments(context, ref));
    return {
      name,
      ...bound(commentsQuery(ref)),
      isInfinite: false,
      select,
      expected: () => select().catch(nothingIfNotFound),
      page: ref,
    };
  });
  const firstPage = () => read((context) => listNotifications(context, { filter: "all" }));
  const count = () => read((context) => countUnread(context));
  return [
    ...threads,
    {
      name: "notifications",
      ...bound(notificationsQuery(viewer.userId, "all")),
      isInfinite: true,
      select: firstPage,
      expected: async () => ({ pages: [await firstPage()], pageParams: [null] }),
      page: undefined,
    },
    {
      name: "unread count",
      ...bound(unreadCountQuery(viewer.userId)),
      isInfinite: false,
      select: count,
      expected: count,
      page: undefined,
    },
  ];
}

const bound = (options: Read["options"]) => ({ options, queryKey: options.queryKey });

function nothingIfNotFound(error: unknown): unknown {
  if (error instanceof AppError && error.code === "not_found") return nothing;
  throw error;
}
