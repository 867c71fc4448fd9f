"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RealtimeProvider } from "querycast/react";
import { lazy, type ReactNode, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import type { PublicTransport } from "@/lib/env/broker.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { statusOfError } from "@/lib/errors/status-of-error.ts";
import { getPageSession, onPageStatusChange } from "@/lib/pages/page-status.ts";
import { type PageRollout, realtimeConfig } from "@/wiring/realtime/browser.ts";
import { createEarlyTrace } from "./early-trace.ts";
import { UsageReports } from "./usage-reports.tsx";

interface ProvidersProps {
  /** How this page receives signals. */
  readonly transport: PublicTransport;
  /**
   * The account that the cache belongs to; `null` when signed out. Read once: render another `key` for
   * another account.
   */
  readonly viewerId: string | null;
  /** The rollout for this viewer at render time. Later changes are followed from its cursor. */
  readonly rollout: PageRollout | null;
  readonly children: ReactNode;
}

/** Data from the server is not refetched for this long. */
const staleTimeMs = 30_000;
const retries = 2;

/** Not in the production build. */
const developerTools =
  // biome-ignore lint/style/noProcessEnv: the bundler replaces it with a constant and drops the dead branch
  process.env.NODE_ENV === "development"
    ? {
        Panel: lazy(async () => ({
          default: (await import("querycast/devtools")).QuerycastDevtools,
        })),
        createEarlyTrace,
      }
    : null;

/** The query cache of one account in one browser, with its live connection. */
export function Providers({ transport, viewerId, rollout, children }: ProvidersProps) {
  const [queryClient] = useState(createQueryClient);
  const [early] = useState(() => developerTools?.createEarlyTrace());
  const [config] = useState(() => ({
    ...realtimeConfig(transport, viewerId, rollout),
    ...(early && { onTrace: early.onTrace }),
  }));
  const session = useSyncExternalStore(onPageStatusChange, getPageSession, getPageSession);
  useEffect(() => {
    // Reads were refused in between, and data of live queries was removed.
    if (session > 0) void queryClient.invalidateQueries();
  }, [session, queryClient]);
  return (
    <QueryClientProvider client={queryClient}>
      <RealtimeProvider config={config} session={session}>
        {children}
        {transport.type !== "pull" && viewerId !== null && <UsageReports />}
        {developerTools !== null && early && (
          <Suspense>
            <developerTools.Panel earlier={early.events} />
          </Suspense>
        )}
      </RealtimeProvider>
    </QueryClientProvider>
  );
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: staleTimeMs,
        retry: (failures, error) => failures < retries && !isRefusal(error),
      },
    },
  });
}

/** Whether a retry would be refused as well. From 429 on, a later request may succeed. */
function isRefusal(error: Error): boolean {
  return error instanceof AppError && statusOfError[error.code] < 429;
}
