import { pusher } from "querycast/transports/pusher/client";
import { sse } from "querycast/transports/sse/client";

const key = process.env.NEXT_PUBLIC_PUSHER_KEY;

/** Connects when the first channel is wanted. An application needs one of the two, see `server/delivery.ts`. */
export const transport = key
  ? pusher({
      key,
      host: process.env.NEXT_PUBLIC_PUSHER_HOST ?? "",
      port: Number(process.env.NEXT_PUBLIC_PUSHER_PORT),
      tls: false, // true for a broker that is not on this machine
    })
  : sse();
