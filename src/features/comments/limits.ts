/** Characters of one comment. Apart from the schema: the page that counts them needs no validator. */
export const bodyLength = 5000;
