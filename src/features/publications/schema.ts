import { z } from "zod";
import type { Permission } from "@/lib/publications/permissions.ts";
import { typedText } from "@/lib/text/typed-text.ts";
import { descriptionLength, nameLength, slugLength } from "./limits.ts";

/** A publication on its own page. It is public. Times are ISO 8601. */
export interface Publication {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A publication in the directory. */
export interface PublicationEntry extends Publication {
  /** Number of published articles. */
  readonly articleCount: number;
}

/** An article in the list of a publication. */
export interface PublishedArticle {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly excerpt: string;
  readonly publishedAt: string;
  readonly author: { readonly handle: string; readonly name: string };
}

/** What the viewer is and may do in a publication. */
export interface Standing {
  readonly isMember: boolean;
  readonly permissions: readonly Permission[];
}

/** What the deletion of a publication removes, and what it keeps: published articles. Counts are of the viewer's rows. */
export interface Deletion {
  readonly isOwner: boolean;
  readonly members: number;
  readonly submissions: number;
  /** Open ones. */
  readonly invitations: number;
  /** Of the chat. */
  readonly messages: number;
  readonly articles: number;
  /** A publication with observations cannot be deleted. */
  readonly observations: number;
}

const fields = {
  name: typedText()
    .trim()
    .min(2, { error: "Enter a name of at least 2 characters." })
    .max(nameLength, { error: `A name has at most ${nameLength} characters.` }),
  description: typedText()
    .trim()
    .max(descriptionLength, {
      error: `A description has at most ${descriptionLength} characters.`,
    }),
};

export const createPublicationInput = z.object({
  publicationId: z.uuid(),
  slug: typedText()
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9-]*$/, { error: "Use letters, digits and -." })
    .min(2, { error: "Enter an address of at least 2 characters." })
    .max(slugLength, { error: `An address has at most ${slugLength} characters.` })
    .refine((slug) => slug !== "new", { error: "This URL is taken. Choose another." }),
  ...fields,
});
export type CreatePublicationInput = z.infer<typeof createPublicationInput>;

export const updatePublicationInput = z.object({
  publicationId: z.uuid(),
  ...fields,
  /** The stored values that the form was filled from. */
  basedOn: z.object({ name: typedText(), description: typedText() }),
});
export type UpdatePublicationInput = z.infer<typeof updatePublicationInput>;

export const publicationInput = z.object({ publicationId: z.uuid() });
export type PublicationInput = z.infer<typeof publicationInput>;

/** The name is typed by the owner, to confirm. */
export const deletePublicationInput = publicationInput.extend({
  name: typedText().trim().max(200),
});
export type DeletePublicationInput = z.infer<typeof deletePublicationInput>;

export const listPublicationsInput = z.object({ filter: z.enum(["all", "yours"]).default("all") });
export type ListPublicationsInput = z.infer<typeof listPublicationsInput>;
