/** Characters of a question. */
export const questionLength = 500;
/** Answers that the page lists. */
export const listedAnswers = 20;
