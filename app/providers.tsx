"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RealtimeProvider } from "querycast/react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { AppError } from "@/lib/app-error.ts";
import type { PublicTransport } from "@/lib/env.ts";
import { type PageRollout, realtimeConfig } from "@/wiring/browser.ts";
import { createEarlyTrace } from "./early-trace.ts";
import { UsageReports } from "./usage-reports.tsx";

interface ProvidersProps {
  /** How this page hears of changes. */
  readonly transport: PublicTransport;
  /** Whose cache this is; `null` when nobody is signed in. Read once: give another person another key. */
  readonly viewerId: string | null;
  /** What is switched on for them; followed from here on. */
  readonly rollout: PageRollout | null;
  readonly children: ReactNode;
}

/** What came with the document is fresh enough not to be read again at once. */
const staleTimeMs = 30_000;
const retries = 2;

/** Nothing of them is in the production build. */
const developerTools =
  // biome-ignore lint/style/noProcessEnv: the bundler puts a constant here, and drops what it rules out
  process.env.NODE_ENV === "development"
    ? {
        Panel: lazy(async () => ({
          default: (await import("querycast/devtools")).QuerycastDevtools,
        })),
        createEarlyTrace,
      }
    : null;

/** The cache of one person in one browser, and what keeps it fresh. */
export function Providers({ transport, viewerId, rollout, children }: ProvidersProps) {
  const [queryClient] = useState(createQueryClient);
  const [early] = useState(() => developerTools?.createEarlyTrace());
  const [config] = useState(() => ({
    ...realtimeConfig(transport, viewerId, rollout),
    ...(early && { onTrace: early.onTrace }),
  }));
  return (
    <QueryClientProvider client={queryClient}>
      <RealtimeProvider config={config}>
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
        // What the server refused it will refuse again.
        retry: (failures, error) => failures < retries && !isRefusal(error),
      },
    },
  });
}

const refusals = new Set([
  "invalid_input",
  "unauthenticated",
  "other_viewer",
  "forbidden",
  "not_found",
]);

function isRefusal(error: Error): boolean {
  return error instanceof AppError && refusals.has(error.code);
}
