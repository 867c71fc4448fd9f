/** Maximum characters of a comment. Separate from the schema, so that pages load no validator. */
export const bodyLength = 5000;
