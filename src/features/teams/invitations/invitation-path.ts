/** The path of an invitation with its token. */
export const invitationPath = (invitationId: string, token: string): string =>
  `/invitations/${invitationId}?${new URLSearchParams({ token })}`;
