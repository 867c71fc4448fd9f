/** Characters of a title. */
export const titleLength = 120;
/** Characters of a description. */
export const descriptionLength = 500;
export const filesPerGist = 20;
/** Characters of a file's name. */
export const filenameLength = 100;
/** Characters of all files together. */
export const contentLength = 200_000;
