export const teamKeys = {
  members: (publicationId: string) => ["team-members", publicationId] as const,
  roles: (publicationId: string) => ["team-roles", publicationId] as const,
  invitations: (publicationId: string) => ["team-invitations", publicationId] as const,
  ownInvitations: () => ["own-invitations"] as const,
  invitation: (invitationId: string) => ["invitation", invitationId] as const,
};
