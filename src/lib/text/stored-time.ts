import { z } from "zod";

/** The longest text of a time with microseconds and an offset has 32 characters. */
const longest = 40;

/** Whether Postgres reads a valid ISO time or date: it has no year 0, and no offset of 16 hours or more. */
const isStorable = (text: string): boolean =>
  text.length <= longest && !text.startsWith("0000") && !/[+-](1[6-9]|2\d):\d\d$/.test(text);

/** The schema of a time that Postgres compares or stores, as ISO 8601 with an offset. */
export const storedTime = (error?: string) =>
  z.iso
    .datetime({ offset: true, ...(error !== undefined && { error }) })
    .refine(isStorable, { error: error ?? "Enter a time after the year 0." });

/** The schema of a day that Postgres compares or stores, as YYYY-MM-DD. */
export const storedDay = (error?: string) =>
  z.iso
    .date(error === undefined ? undefined : { error })
    .refine(isStorable, { error: error ?? "Enter a day after the year 0." });
