export const teamKeys = {
  /** Without a search, it is the key of all searches too. */
  members: (publicationId: string, search = "") =>
    ["team-members", publicationId, ...(search === "" ? [] : [search])] as const,
  roles: (publicationId: string) => ["team-roles", publicationId] as const,
  invitations: (publicationId: string) => ["team-invitations", publicationId] as const,
  ownInvitations: () => ["own-invitations"] as const,
  invitation: (invitationId: string) => ["invitation", invitationId] as const,
};
