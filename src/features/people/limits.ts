/** Characters of a name. */
export const nameLength = 60;
/** Characters of what people say about themselves. */
export const bioLength = 400;
