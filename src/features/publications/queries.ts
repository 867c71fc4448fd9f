import { queryOptions } from "@tanstack/react-query";
import { live, on } from "querycast";
import { channels } from "@/channels/index.ts";
import {
  evidence,
  invitations,
  memberships,
  publicationPage,
  team,
} from "@/channels/publications.ts";
import { standingSources } from "@/channels/standing.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { type PublicationFilter, publicationKeys } from "./keys.ts";
import type {
  Deletion,
  Publication,
  PublicationEntry,
  PublishedArticle,
  Standing,
} from "./schema.ts";

/** The directory. The viewer's own publications are live; the public list is fetched when opened. */
export const publicationsQuery = (filter: PublicationFilter, viewerId: string | null) =>
  live(
    queryOptions({
      queryKey: publicationKeys.list(filter),
      queryFn: ({ signal }) =>
        fetchJson<readonly PublicationEntry[]>(withParams("/api/publications", { filter }), signal),
    }),
    filter === "yours" && viewerId !== null
      ? [
          memberships.all(channels.user({ userId: viewerId })),
          publicationPage.all(channels.user({ userId: viewerId })),
        ]
      : [],
  );

/** Name and description of a publication. */
export const publicationQuery = (publicationId: string) =>
  live(
    queryOptions({
      queryKey: publicationKeys.publication(publicationId),
      queryFn: ({ signal }) =>
        fetchJson<Publication>(
          withParams("/api/publications/publication", { publicationId }),
          signal,
        ),
    }),
    [on(channels.publication({ publicationId }), "publication.updated")],
  );

/** The published articles of a publication, newest first. */
export const publicationArticlesQuery = (publicationId: string) =>
  live(
    queryOptions({
      queryKey: publicationKeys.articles(publicationId),
      queryFn: ({ signal }) =>
        fetchJson<readonly PublishedArticle[]>(
          withParams("/api/publications/articles", { publicationId }),
          signal,
        ),
    }),
    [publicationPage.all(channels.publication({ publicationId }))],
  );

/** What the viewer may do. `isMember`: the viewer can join the channel of the team. */
export const standingQuery = (publicationId: string, viewerId: string | null, isMember: boolean) =>
  live(
    queryOptions({
      queryKey: publicationKeys.standing(publicationId),
      queryFn: ({ signal }) =>
        fetchJson<Standing>(withParams("/api/publications/standing", { publicationId }), signal),
    }),
    standingSources(publicationId, { userId: viewerId, isMember }),
  );

/** What the deletion of a publication removes and keeps. Owners read all submissions. */
export const deletionQuery = (publicationId: string, viewerId: string) =>
  live(
    queryOptions({
      queryKey: publicationKeys.deletion(publicationId),
      queryFn: ({ signal }) =>
        fetchJson<Deletion>(withParams("/api/publications/deletion", { publicationId }), signal),
    }),
    [
      memberships.all(channels.user({ userId: viewerId })),
      publicationPage.all(channels.publication({ publicationId })),
      evidence.all(channels.publication({ publicationId })),
      team.all(channels.team({ publicationId })),
      invitations.all(channels.team({ publicationId })),
    ],
  );
