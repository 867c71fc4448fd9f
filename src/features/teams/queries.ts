import { queryOptions } from "@tanstack/react-query";
import { live, type Source } from "querycast";
import { channels } from "@/channels/index.ts";
import { invitations, publicationPage, team } from "@/channels/publications.ts";
import { standingSources } from "@/channels/standing.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { teamKeys } from "./keys.ts";
import type { Invitation, OwnInvitation, Role, SentInvitation, TeamMember } from "./schema.ts";

/** The members of a publication and their roles, or those that a search finds, for members. */
export const teamMembersQuery = (publicationId: string, search = "") =>
  live(
    queryOptions({
      queryKey: teamKeys.members(publicationId, search),
      queryFn: ({ signal }) =>
        fetchJson<readonly TeamMember[]>(
          withParams("/api/publications/members", { publicationId, search: search || null }),
          signal,
        ),
    }),
    [team.all(channels.team({ publicationId }))],
  );

/** The roles of a publication, for members. */
export const rolesQuery = (publicationId: string) =>
  live(
    queryOptions({
      queryKey: teamKeys.roles(publicationId),
      queryFn: ({ signal }) =>
        fetchJson<readonly Role[]>(
          withParams("/api/publications/roles", { publicationId }),
          signal,
        ),
    }),
    [team.all(channels.team({ publicationId }))],
  );

/** The invitations of a publication, for members who manage members. */
export const sentInvitationsQuery = (publicationId: string, viewerId: string) =>
  live(
    queryOptions({
      queryKey: teamKeys.invitations(publicationId),
      queryFn: ({ signal }) =>
        fetchJson<readonly SentInvitation[]>(
          withParams("/api/publications/invitations", { publicationId }),
          signal,
        ),
    }),
    [
      invitations.all(channels.team({ publicationId })),
      ...standingSources(publicationId, { userId: viewerId, isMember: true }),
    ],
  );

/** An invitation shows the name of its publication. */
const invitationSources = (viewerId: string): readonly Source[] => [
  invitations.all(channels.user({ userId: viewerId })),
  publicationPage.all(channels.user({ userId: viewerId })),
];

/** The open invitations of the viewer. */
export const ownInvitationsQuery = (viewerId: string) =>
  live(
    queryOptions({
      queryKey: teamKeys.ownInvitations(),
      queryFn: ({ signal }) => fetchJson<readonly OwnInvitation[]>("/api/invitations/own", signal),
    }),
    invitationSources(viewerId),
  );

/** An invitation for the invited person. The token is in its link. */
export const invitationQuery = (
  invitationId: string,
  token: string | null,
  viewerId: string | null,
) =>
  live(
    queryOptions({
      queryKey: teamKeys.invitation(invitationId),
      queryFn: ({ signal }) =>
        fetchJson<Invitation>(withParams("/api/invitations", { invitationId, token }), signal),
    }),
    viewerId === null ? [] : invitationSources(viewerId),
  );
