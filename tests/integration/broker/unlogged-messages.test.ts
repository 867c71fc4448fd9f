import { randomUUID } from "node:crypto";
import { contract, type EphemeralRef, type MessageFrame } from "querycast";
import { createEphemeral, createSignalLog } from "querycast/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { toSql } from "@/db/connection/to-sql.ts";
import { createRolloutRig, type RolloutRig } from "../../support/rigs/rollout-rig.ts";

let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig();
});
afterAll(() => rig.close());

const values = { id: "an-id", string: "A text", number: 7, boolean: true } as const;

/** Each declared message of each ephemeral kind of the site, with fields of the declared types. */
const messages = [...channels[contract].kinds].flatMap(
  ([kind, { pattern, ephemeral, messages: declared }]) => {
    if (ephemeral === undefined || declared === undefined) return [];
    const params = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => [
      name,
      name === "resourceType" ? "article" : randomUUID(),
    ]);
    const ref = channels[contract].refer(kind, Object.fromEntries(params)) as EphemeralRef;
    return [...declared].map(([type, fields]) => ({
      ref,
      type,
      fields: Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, values[of]])),
    }));
  },
);

test("every message of every ephemeral kind of the site reaches its subscribers over the broker, and none is in the log", async () => {
  expect(new Set(messages.map(({ ref }) => ref.kind))).toEqual(
    new Set(["replying", "announcement", "import", "preview", "report", "activity"]),
  );
  const log = createSignalLog({
    sql: (text, ...rest) => rig.site.database.asRelay(async (tx) => toSql(tx)(text, ...rest)),
  });
  const errors: unknown[] = [];
  const ephemeral = createEphemeral({
    channels,
    log,
    broker: rig.broker,
    onError: (error) => errors.push(error),
  });
  const listener = await rig.eavesdrop([...new Set(messages.map(({ ref }) => ref.name))]);
  await rig.site.newSignals({ toAuthors: true });
  for (const { ref, type, fields } of messages) {
    await ephemeral.send(ref as EphemeralRef<string, never>, { type, fields } as never);
  }
  const arrived = () =>
    listener.frames.map(({ data }) => {
      const { type, fields } = data as MessageFrame;
      return { type, fields };
    });
  await vi.waitFor(() => expect(arrived()).toHaveLength(messages.length), 10_000);
  for (const { type, fields } of messages) expect(arrived()).toContainEqual({ type, fields });
  expect(errors).toEqual([]);
  expect(await rig.site.newSignals({ toAuthors: true })).toEqual([]);
  ephemeral.close();

  // Nor can a signal be published on such a channel.
  for (const { ref, type } of messages) {
    const signal = { channel: ref, name: type } as never;
    await expect(rig.write(signal)).rejects.toThrow(type);
  }
  expect(await rig.site.newSignals({ toAuthors: true })).toEqual([]);
});
