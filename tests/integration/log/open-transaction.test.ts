import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { signal } from "querycast";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRelayRig, hasTold, type RelayRig } from "../../support/rigs/relay-rig.ts";

let rig: RelayRig;
beforeEach(async () => {
  rig = await createRelayRig();
});
afterEach(() => rig.close());

const child = join(import.meta.dirname, "../../support/database/writer-child.ts");
/** `HOLD_S=60` for the duration of a forgotten session. */
// biome-ignore lint/style/noProcessEnv: the length of the test is chosen by the caller
const holdS = Number(process.env.HOLD_S ?? 2);
const backends = () => rig.database.owner`
  select from pg_stat_activity
  where usename = 'log_test_writer' and datname = current_database() and state = 'idle in transaction'`;

test.each(["the process", "its connection"])(
  "L1 L2 killing %s inside a transaction leaves neither the row nor its signal",
  async (what) => {
    const room = await rig.newRoom();
    const { events } = rig.startRelay();
    await hasTold(events, "leading");
    const articleId = room.name;
    const writer = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        child,
        rig.database.writerUrl,
        articleId,
        JSON.stringify(signal(room, "message.posted", { messageId: "lost" })),
      ],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    const ended = once(writer, "exit");
    await once(writer.stdout, "data");
    if (what === "the process") writer.kill("SIGKILL");
    else {
      await rig.database.owner`
        select pg_terminate_backend(pid) from pg_stat_activity
        where usename = 'log_test_writer' and datname = current_database()
          and state = 'idle in transaction'`;
    }
    await vi.waitFor(async () => expect(await backends()).toHaveLength(0));
    await rig.write(room, "after");
    await rig.hears(room, ["after"]);
    expect(await rig.database.owner`select from articles where id = ${articleId}`).toHaveLength(0);
    const rows = await rig.database.owner`
      select ids from querycast.signals where channel = ${room.name}`;
    expect(rows).toHaveLength(1);
    writer.kill("SIGKILL");
    await ended;
  },
  60_000,
);

test("an open transaction delays neither other signals nor requests, on any channel", async () => {
  const [held, free] = [await rig.newRoom(), await rig.newRoom()];
  const { relay, events } = rig.startRelay();
  await hasTold(events, "leading");
  await rig.database.writer.begin(async (tx) => {
    await tx`insert into articles values (${held.name}, 'ada', true)`;
    for (const messageId of Array.from({ length: holdS * 10 }, (_, index) => index)) {
      await rig.write(free, messageId);
      await rig.write(held, messageId);
      await tx`select pg_sleep(0.1)`;
    }
    const all = Array.from({ length: holdS * 10 }, (_, index) => index);
    await rig.hears(free, all);
    await rig.hears(held, all);
    await vi.waitFor(() => expect(relay.health()).toMatchObject({ state: "leading", backlog: 0 }));
  });
}, 120_000);
