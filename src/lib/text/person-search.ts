import { z } from "zod";
import { typedText } from "./typed-text.ts";

/** Input of a list of people that can be searched. */
export const personSearch = z.object({
  /** Part of a name or a handle. */
  search: typedText("Enter one search text.")
    .trim()
    .max(60, { error: "Enter at most 60 characters." })
    .optional(),
});
