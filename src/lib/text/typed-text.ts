import { z } from "zod";

const withoutNul = (error?: string) =>
  z.string(error === undefined ? undefined : { error }).refine((text) => !text.includes("\0"), {
    error: "The text contains a NUL character, which cannot be stored. Remove it.",
  });

/**
 * The schema of every string from a person or a browser. Postgres stores any character but NUL, so a text with NUL is
 * refused with a message; every other character is kept. Half of a surrogate pair is no character. It becomes U+FFFD here
 * as it would on the way to Postgres, so that a repeated request has the stored text, and JSON columns accept it.
 * Callers add the length limits: `typedText().trim().max(60, …)`.
 *
 * @param error message of the form field when the value is missing or not a string
 */
export const typedText = (error?: string) =>
  withoutNul(error).overwrite((text) => text.replace(/\p{Surrogate}/gu, "\uFFFD"));

/** A text that is stored as it was sent, or refused: a changed one would not match its signature. */
export const exactText = (error?: string) =>
  withoutNul(error).refine((text) => !/\p{Surrogate}/u.test(text), {
    error: "The text contains half of a character, which cannot be stored. Remove it.",
  });

/** Cursor of a list, as the previous page returned it; 200 characters at most. */
export const cursorText = () => typedText().max(200);
