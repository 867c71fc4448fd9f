"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { AppError } from "@/lib/app-error.ts";

interface ProvidersProps {
  readonly userId: string | null;
  readonly children: ReactNode;
}

/** What came with the document is fresh enough not to be read again at once. */
const staleTimeMs = 30_000;
const retries = 2;

/** The cache of one person in one browser. */
export function Providers({ children }: ProvidersProps) {
  const [queryClient] = useState(createQueryClient);
  return <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>;
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

const refusals = new Set(["invalid_input", "unauthenticated", "forbidden", "not_found"]);

function isRefusal(error: Error): boolean {
  return error instanceof AppError && refusals.has(error.code);
}
