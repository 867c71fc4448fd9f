import { z } from "zod";
import { type ResourceRef, resourceRef } from "@/lib/resource-ref.ts";

/** Gives the final state, so that the request is idempotent. */
export const setBookmarkInput = resourceRef.extend({ isKept: z.boolean() });
export type SetBookmarkInput = z.infer<typeof setBookmarkInput>;

/** A bookmarked page, as its owner may read it now. Times are ISO 8601. */
export interface Bookmark {
  readonly id: string;
  readonly page: ResourceRef;
  readonly href: string;
  readonly title: string;
  readonly summary: string;
  readonly author: { readonly handle: string; readonly name: string };
  readonly keptAt: string;
}
