import type { Broker } from "querycast/server";
import { createPusherBroker } from "querycast/transports/pusher/server";
import { createSseHub } from "querycast/transports/sse/server";
import { env } from "@/lib/env.ts";
import { log } from "@/lib/log.ts";
import { singleton } from "@/lib/singleton.ts";

/** What serves the streams of this process, or null where signals take another way. */
export const hub = () =>
  singleton("hub", () => {
    const { transport, querycastSecret } = env();
    return transport === "sse" ? createSseHub({ secret: querycastSecret }) : null;
  });

/** What signals are given to, or null where pages work by fetching alone. */
export const broker = (): Broker | null =>
  hub() ??
  singleton("broker", () => {
    const settings = env().broker;
    return settings === null ? null : createPusherBroker(settings);
  });

/**
 * Has the broker end a person's sockets; those of sessions that go on come back by themselves. What is
 * heard does not depend on it, so nobody waits for it and nothing fails with it.
 */
export function endConnections(userId: string): void {
  broker()
    ?.terminate(userId)
    .catch((error: unknown) => log.warn("sockets of an ended session", { error }));
}
