/** Characters of the note of a step. */
export const noteLength = 2_000;
