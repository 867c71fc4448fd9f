import { z } from "zod";
import { type ResourceRef, resourceRef } from "@/lib/resource-ref.ts";

/** Says how it should be afterwards, so that sending it twice does no harm. */
export const setFollowInput = resourceRef.extend({ isFollowed: z.boolean() });
export type SetFollowInput = z.infer<typeof setFollowInput>;

/** A discussion somebody follows, on a page they may read now. */
export interface FollowedThread {
  readonly id: string;
  readonly page: ResourceRef;
  readonly href: string;
  readonly title: string;
  readonly author: { readonly handle: string; readonly name: string };
}
