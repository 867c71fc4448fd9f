/** Maximum characters of a name. */
export const nameLength = 60;
/** Maximum characters of "About you". */
export const bioLength = 400;
