import type { MessageFrame } from "querycast";
import { createEphemeral } from "querycast/server";
import { createFakeClock } from "querycast/testing";
import { channels } from "@/channels/index.ts";
import { createWakeSignal } from "@/lib/wake-signal.ts";
import { createContexts } from "@/wiring/create-contexts.ts";
import type { SiteDatabase } from "../database/site-database.ts";

/** The process of the site that sends: its ephemeral channels, without subscribers, and contexts that send on them. */
export function createSendingProcess(database: SiteDatabase["database"]) {
  const clock = createFakeClock();
  const ephemeral = createEphemeral({
    channels,
    log: { accessEpochs: async (names) => new Map(names.map((name) => [name, 0])) },
    broker: null,
    clock,
  });
  const contexts = createContexts({
    database,
    publish: async () => {},
    jobWakeSignal: createWakeSignal(),
    sendMessage: ephemeral.send,
  });
  const replayed = (channel: string) =>
    ephemeral.replay(channel).map(({ data }) => JSON.parse(data) as MessageFrame);
  return { clock, ephemeral, contexts, replayed };
}
