/** Characters of a question. */
export const questionLength = 500;
/** Time limit of one run of a model, its tools included, in ms. */
export const longestRunMs = 90_000;

/** An answer has two runs at most. A question without an answer after this time was broken off, in ms. */
export const answerWithinMs = 2 * longestRunMs;

/** Answers that the page lists. */
export const listedAnswers = 20;
