import type { IncomingMessage } from "node:http";
import { sessionCookie } from "@/auth/session/session-cookie.ts";
import { env } from "@/lib/env.ts";
import { createFairQueue } from "@/lib/fair-queue.ts";
import { addressGroup, clientAddress } from "@/lib/http/client-address.ts";
import { log } from "@/lib/logging/log.ts";
import { createPageCache } from "@/lib/pages/page-cache.ts";
import { createPageGate } from "@/lib/pages/page-gate.ts";
import { auth } from "../auth.ts";
import { metrics } from "../metrics/metrics.ts";
import { readLog } from "../realtime/relay/signal-log.ts";
import { limits } from "./limits.ts";

/** The page gate of this process; see {@link createPageGate}. */
export function pageGate() {
  return createPageGate({
    cache: createPageCache({ hasChanged: followSignals() }),
    queue: createFairQueue({
      concurrency: 8,
      // Each page more that renders delays all other work of the process, pages from memory included.
      concurrencyPerOwner: 2,
      // Visitors without a session may share one address. Pages also refresh in the tabs of one session.
      waitingPerOwner: 60,
      waiting: 256,
      longestWaitMs: 5_000,
    }),
    // At most 64 MiB, since boundRequests refuses larger bodies than 1 MiB.
    arrivals: createFairQueue({
      concurrency: 64,
      concurrencyPerOwner: 4,
      waitingPerOwner: 4,
      waiting: 64,
      longestWaitMs: 5_000,
    }),
    sessionCookie: sessionCookie(env().auth.url).name,
    admit: async ({ headers: sent }: IncomingMessage) => {
      const headers = { get: (name: string) => sent[name]?.toString() ?? null };
      const sessionId = (await auth().claim({ headers }))?.sessionId ?? null;
      const address = clientAddress(headers);
      await limits().page({ sessionId, address });
      return sessionId ?? addressGroup(address);
    },
    onAnswer: (answer) => metrics().pageAnswered(answer),
    onError: (error) => log.error("a page request failed", { error }),
  });
}

/** Whether any process has committed a signal since the last call. True at the first call. */
function followSignals(): () => Promise<boolean> {
  let snapshot: string | null = null;
  return async () => {
    const known = snapshot;
    const [row] = await readLog<{ snapshot: string; changed: boolean }>`
      select pg_current_snapshot()::text as snapshot,
        ${known}::text is null or exists (
          select from querycast.signals
          where xid >= pg_snapshot_xmin(${known ?? "1:1:"}::text::pg_snapshot)
            and not pg_visible_in_snapshot(xid, ${known ?? "1:1:"}::text::pg_snapshot)
        ) as changed`;
    snapshot = row?.snapshot ?? null;
    return row?.changed ?? true;
  };
}
