"use client";

import { useQuery } from "@tanstack/react-query";
import type { Permission } from "@/lib/publications/permissions.ts";
import { standingQuery } from "../queries.ts";

const none: readonly Permission[] = [];

/** The permissions of a member, live. */
export function usePermissions(publicationId: string, viewerId: string): readonly Permission[] {
  return useQuery(standingQuery(publicationId, viewerId, true)).data?.permissions ?? none;
}
