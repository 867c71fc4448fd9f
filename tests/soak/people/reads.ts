import type { QueryKey } from "@tanstack/react-query";
import { channels } from "@/channels/index.ts";
import type { Viewer } from "@/db/viewer.ts";
import { listComments } from "@/features/comments/list-comments.ts";
import { commentsQuery } from "@/features/comments/queries.ts";
import type { ResourceRef } from "@/features/comments/schema.ts";
import { listContents } from "@/features/desk/list-contents.ts";
import { chatContentsQuery } from "@/features/desk/queries.ts";
import type { ChatContent } from "@/features/desk/schema.ts";
import { countUnread } from "@/features/notifications/count-unread.ts";
import { listNotifications } from "@/features/notifications/list-notifications.ts";
import { notificationsQuery, unreadCountQuery } from "@/features/notifications/queries.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { Contexts } from "@/wiring/create-contexts.ts";
import type { Chat } from "../world/chat-rows.ts";
import type { Memberships } from "./memberships.ts";

/** A query of a person, with the bindings and the select of the site. */
export interface Read {
  readonly name: string;
  readonly queryKey: QueryKey;
  /** Bindings and paging of the site's query. */
  readonly options: {
    readonly queryKey: QueryKey;
    readonly meta?: Record<string, unknown>;
    /** Replaced by `select`. Its rule for rows of an entity stays. */
    readonly queryFn?: unknown;
  };
  readonly isInfinite: boolean;
  /** Selects as the viewer. */
  readonly select: () => Promise<unknown>;
  /** The result of the select, in the form that the cache stores. */
  readonly expected: () => Promise<unknown>;
  /** The page, for a thread. */
  readonly page: ResourceRef | undefined;
  /** The channel, if the viewer can lose the right to it. */
  readonly channel?: string;
  /** Whether the data is a list of an entity's rows. Their order does not matter. */
  readonly isRows?: true;
  /** Whether rows can disappear, because the viewer has lost the right to them. */
  readonly canLose?: () => boolean;
}

/** Data in the form in which it is compared: rows of an entity by their ids. */
export function comparable({ isRows }: Read, data: unknown): unknown {
  if (!isRows || !Array.isArray(data)) return data;
  return (data as readonly ChatContent[]).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Name of the read of the chat, which members alone can read. */
export const textsOfChat = "texts of the chat";

export function createReads(
  contexts: Contexts,
  viewer: Viewer & { readonly userId: string },
  pages: readonly { readonly name: string; readonly ref: ResourceRef }[],
  { publicationId }: Chat,
  memberships: Memberships,
): readonly Read[] {
  const read = contexts.read(viewer);
  const threads = pages.map(({ name, ref }): Read => {
    const select = () => read((context) => listComments(context, ref));
    return {
      name,
      ...bound(commentsQuery(ref)),
      isInfinite: false,
      select,
      expected: () => select().catch(undefinedIfNotFound),
      page: ref,
      channel: channels.resource(ref).name,
    };
  });
  const firstPage = () => read((context) => listNotifications(context, { filter: "all" }));
  const count = () => read((context) => countUnread(context));
  const texts = () => read((context) => listContents(context, { publicationId }));
  return [
    ...threads,
    {
      name: textsOfChat,
      ...bound(chatContentsQuery(publicationId)),
      isInfinite: false,
      select: texts,
      expected: texts,
      page: undefined,
      channel: channels.chat({ publicationId }).name,
      isRows: true,
      canLose: () => memberships.wasRemoved(viewer.userId),
    },
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

function undefinedIfNotFound(error: unknown): unknown {
  // The cache keeps no data of a page that the viewer may not read.
  if (error instanceof AppError && error.code === "not_found") return undefined;
  throw error;
}
