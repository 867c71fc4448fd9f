import { z } from "zod";

/**
 * The schema of every string that a person or a browser sends. Postgres stores any character but NUL, so a
 * text with one is refused with a sentence; every other character stays as it is. Bounds of length are the
 * caller's: `typedText().trim().max(60, …)`.
 *
 * @param error what a form shows where the value is missing or no string
 */
export const typedText = (error?: string) =>
  z.string(error === undefined ? undefined : { error }).refine((text) => !text.includes("\0"), {
    error: "This holds a NUL character, which cannot be stored. Remove it.",
  });

/** Where a list goes on, as the page before gave it; 200 characters at most. */
export const cursorText = () => typedText().max(200);
