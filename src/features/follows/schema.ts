import { z } from "zod";
import { type ResourceRef, resourceRef } from "@/lib/resource-ref.ts";

/** Gives the final state, so that the request is idempotent. */
export const setFollowInput = resourceRef.extend({ isFollowed: z.boolean() });
export type SetFollowInput = z.infer<typeof setFollowInput>;

/** A followed discussion, on a page that its follower may read now. */
export interface FollowedThread {
  readonly id: string;
  readonly page: ResourceRef;
  readonly href: string;
  readonly title: string;
  readonly author: { readonly handle: string; readonly name: string };
}
