"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RealtimeProvider } from "querycast/react";
import { pusher } from "querycast/transports/pusher/client";
import { type ReactNode, useState } from "react";
import { channels } from "../channels.ts";

/** Loads `pusher-js` and connects when the first channel is wanted. */
const transport = pusher({
  key: process.env.NEXT_PUBLIC_PUSHER_KEY ?? "",
  host: process.env.NEXT_PUBLIC_PUSHER_HOST ?? "",
  port: Number(process.env.NEXT_PUBLIC_PUSHER_PORT),
  tls: false, // true for a broker that is not on this machine
});

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
