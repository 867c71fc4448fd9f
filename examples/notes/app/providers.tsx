"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RealtimeProvider } from "querycast/react";
import { type ReactNode, useState } from "react";
import { channels } from "../channels.ts";
import { transport } from "./transport.ts";

export function Providers(props: { readonly viewerId: string; readonly children: ReactNode }) {
  const [queryClient] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={queryClient}>
      {/* Another person gets another connection. */}
      <RealtimeProvider key={props.viewerId} config={{ channels, transport }}>
        {props.children}
      </RealtimeProvider>
    </QueryClientProvider>
  );
}
