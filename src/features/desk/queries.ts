import { queryOptions } from "@tanstack/react-query";
import { live, liveEntities, on } from "querycast";
import { deskUnread } from "@/channels/desk.ts";
import { channels } from "@/channels/index.ts";
import { evidence } from "@/channels/publications.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { deskKeys } from "./keys.ts";
import type { ChatContent, ChatMessage, ReaderMinute, UnreadCounts } from "./schema.ts";

/**
 * The last messages of a publication's chat, oldest first, for members. A correction ends the grounding of answers that
 * cite the corrected observation.
 */
export const chatMessagesQuery = (publicationId: string) =>
  live(
    queryOptions({
      queryKey: deskKeys.messages(publicationId),
      queryFn: ({ signal }) =>
        fetchJson<readonly ChatMessage[]>(
          withParams("/api/publications/chat", { publicationId }),
          signal,
        ),
    }),
    [
      on(channels.chat({ publicationId }), "chat.message-added", "chat.message-changed"),
      evidence.all(channels.publication({ publicationId })),
    ],
  );

/** The texts of these messages. Over streams new parts arrive without a read. */
export const chatContentsQuery = (publicationId: string) =>
  liveEntities(
    queryOptions({
      queryKey: deskKeys.contents(publicationId),
      queryFn: ({ signal }) =>
        fetchJson<readonly ChatContent[]>(
          withParams("/api/publications/chat/contents", { publicationId }),
          signal,
        ),
    }),
    {
      entity: on(channels.chat({ publicationId }), "chat.content"),
      id: ({ id }) => id,
      version: ({ version }) => version,
      place: (rows) => rows.length,
    },
  );

/** The number of messages that a member has not seen. Members alone can join its channels. */
export const unreadQuery = (publicationId: string, viewerId: string) =>
  live(
    queryOptions({
      queryKey: deskKeys.unread(publicationId),
      queryFn: ({ signal }) =>
        fetchJson<number>(withParams("/api/publications/chat/unread", { publicationId }), signal),
    }),
    [
      deskUnread.all(channels.team({ publicationId })),
      deskUnread.all(channels.user({ userId: viewerId })),
    ],
  );

/** The numbers of unread messages of several publications, by one read. The viewer is a member of each of them. */
export const unreadCountsQuery = (publicationIds: readonly string[], viewerId: string) =>
  live(
    queryOptions({
      queryKey: deskKeys.unreadCounts(publicationIds),
      queryFn: ({ signal }) =>
        fetchJson<UnreadCounts>("/api/publications/chat/unread-counts", signal),
    }),
    [
      ...publicationIds.map((publicationId) => deskUnread.all(channels.team({ publicationId }))),
      deskUnread.all(channels.user({ userId: viewerId })),
    ],
  );

/** The readers of the last hour by the minute, oldest first, for members. */
export const readersQuery = (publicationId: string) =>
  liveEntities(
    queryOptions({
      queryKey: deskKeys.readers(publicationId),
      queryFn: ({ signal }) =>
        fetchJson<readonly ReaderMinute[]>(
          withParams("/api/publications/readers", { publicationId }),
          signal,
        ),
    }),
    {
      entity: on(channels.chart({ publicationId }), "readers.counted"),
      id: ({ id }) => id,
      version: ({ version }) => version,
      place: (rows) => rows.length,
    },
  );
