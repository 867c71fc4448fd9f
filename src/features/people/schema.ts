import { z } from "zod";
import { typedText } from "@/lib/text/typed-text.ts";
import { bioLength, nameLength } from "./limits.ts";

/** A person by handle or by id. */
export const getPersonInput = z.union([
  z.object({ handle: typedText() }),
  z.object({ userId: z.uuid() }),
]);
export type GetPersonInput = z.infer<typeof getPersonInput>;

export interface Person {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly bio: string;
  readonly joinedAt: string;
}

export const updateProfileInput = z.object({
  name: typedText()
    .trim()
    .min(1, { error: "Enter your name." })
    .max(nameLength, { error: `A name has at most ${nameLength} characters.` }),
  bio: typedText()
    .trim()
    .max(bioLength, { error: `“About you” has at most ${bioLength} characters.` }),
});
export type UpdateProfileInput = z.infer<typeof updateProfileInput>;
