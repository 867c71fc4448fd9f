/** Characters of a role's name. */
export const roleNameLength = 40;
/** Days until an invitation expires. */
export const invitationDays = 14;
