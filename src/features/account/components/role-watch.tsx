"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { accountQuery } from "../queries.ts";
import type { Account } from "../schema.ts";

/**
 * Refreshes the page when the viewer's role changes, so that an open page gains or loses its actions, and
 * the console of a former admin closes.
 */
export function RoleWatch({ account: { id, role } }: { account: Account }) {
  const { data } = useQuery(accountQuery(id));
  const router = useRouter();
  const current = data?.id === id ? data.role : role;
  useEffect(() => {
    if (current !== role) router.refresh();
  }, [current, role, router]);
  return null;
}
