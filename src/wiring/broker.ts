import { createPusherBroker } from "querycast/transports/pusher/server";
import { env } from "@/lib/env.ts";
import { log } from "@/lib/log.ts";
import { singleton } from "@/lib/singleton.ts";

/** The broker, or null where none is configured. */
export const broker = () =>
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
