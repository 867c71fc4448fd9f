import Pusher from "pusher";
import { vi } from "vitest";
import type { SoketiConnection } from "./soketi.ts";

/** The `pusher` package with a clock that is off by `offsetMs`. It signs within the call. */
export function pusherWithClock(soketi: SoketiConnection, offsetMs: number): Pusher {
  const { appId, key, secret, host, port } = soketi;
  const pusher = new Pusher({ appId, key, secret, host, port: String(port), useTLS: false });
  const post = pusher.post.bind(pusher);
  return Object.assign(pusher, {
    post: (options: Pusher.PostOptions) => {
      vi.setSystemTime(Date.now() + offsetMs);
      try {
        return post(options);
      } finally {
        vi.useRealTimers();
      }
    },
  });
}
