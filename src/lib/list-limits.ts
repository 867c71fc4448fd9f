/** Rows of a list that is read as a whole. Its page says below the list when it is full. */
export const listedAtMost = 200;
/** Rows of a list in which a person has to find each row, such as the members of a publication. */
export const longListAtMost = 1_000;
