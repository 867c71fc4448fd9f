import { z } from "zod";

/**
 * The schema of every string from a person or a browser. Postgres stores any character but NUL, so a text
 * with NUL is refused with a message; every other character is kept. Callers add the length limits:
 * `typedText().trim().max(60, …)`.
 *
 * @param error message of the form field when the value is missing or not a string
 */
export const typedText = (error?: string) =>
  z.string(error === undefined ? undefined : { error }).refine((text) => !text.includes("\0"), {
    error: "The text contains a NUL character, which cannot be stored. Remove it.",
  });

/** Cursor of a list, as the previous page returned it; 200 characters at most. */
export const cursorText = () => typedText().max(200);
