/** Characters of a name. */
export const nameLength = 60;
/** Characters of a slug. */
export const slugLength = 60;
/** Characters of a description. */
export const descriptionLength = 500;
