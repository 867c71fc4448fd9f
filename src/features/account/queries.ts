import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { account } from "@/channels/account.ts";
import { channels } from "@/channels/index.ts";
import { fetchJson } from "@/lib/http/fetch-json.ts";
import type { Account } from "./schema.ts";

export const accountKey = ["account"] as const;

/** The signed-in account with its current role; null after signing out. */
export const accountQuery = (userId: string) =>
  live(
    queryOptions({
      queryKey: accountKey,
      queryFn: ({ signal }) => fetchJson<Account | null>("/api/account", signal),
    }),
    [account.all(channels.user({ userId }))],
  );
