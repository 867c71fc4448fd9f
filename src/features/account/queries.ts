import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { fetchJson } from "@/lib/fetch-json.ts";
import { account } from "./live.ts";
import type { Account } from "./schema.ts";

/** The signed-in account with its current role; null after signing out. */
export const accountQuery = (userId: string) =>
  live(
    queryOptions({
      queryKey: ["account"] as const,
      queryFn: ({ signal }) => fetchJson<Account | null>("/api/account", signal),
    }),
    [account.all(account.channels.user({ userId }))],
  );
