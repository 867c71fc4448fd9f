import { encodeSignal } from "../../protocol/signal.ts";
import { posted } from "./delivery.ts";
import { type Bench, same, scenario } from "./scenario.ts";
import type { Room } from "./stack.ts";

/** Writes the revision, and publishes this number of signals in the same transaction. */
const update = (bench: Bench, room: Room, revision: number, count = 1) =>
  bench.write(
    room,
    revision,
    Array.from({ length: count }, () => posted(room, "m1")),
  );

const frame = (id: string) =>
  encodeSignal({ id, name: "message.posted", ids: [{ messageId: id }], origin: undefined });

function atMost(count: number, limit: number, what: string): void {
  same({ count, isBounded: count <= limit }, { count, isBounded: true }, what);
}

/** Scenarios from a write to a query that reads it again as its viewer. */
export const reads = [
  scenario("S3.10 a second viewer sees a commit, and no other room is read", async (bench) => {
    const [one, two] = [await bench.newRoom(), await bench.newRoom()];
    const [reader, other] = [bench.openReader(one), bench.openReader(two, { id: "other" })];
    await Promise.all([reader.isLive(), other.isLive()]);
    await Promise.all([reader.isQuiet(), other.isQuiet()]);
    const before = other.fetches();
    await update(bench, one, 1);
    await reader.shows(1);
    await reader.isQuiet();
    same(other.fetches(), before, "reads of the other room");
  }),

  scenario(
    "S3.22 changes during an interrupted delivery become visible afterwards",
    async (bench) => {
      const room = await bench.newRoom();
      const reader = bench.openReader(room);
      await reader.isLive();
      await reader.shows(0);
      for (const revision of [1, 2]) {
        await bench.line.refuse();
        await reader.page.is("degraded");
        await update(bench, room, revision);
        same(reader.shown(), { revision: revision - 1 }, "shown while interrupted");
        await bench.line.heal();
        await reader.isLive();
        await reader.shows(revision);
      }
    },
    { timeoutMs: 120_000 },
  ),

  scenario(
    "S3.23 a burst of 10, 100 or 1,000 signals causes at most three reads, and the last value is shown",
    async (bench) => {
      const room = await bench.newRoom();
      const reader = bench.openReader(room);
      await reader.isLive();
      await reader.shows(0);
      for (const [index, size] of [10, 100, 1_000].entries()) {
        await reader.isQuiet();
        const before = reader.fetches();
        const arrived = reader.signals();
        await update(bench, room, index + 1, size);
        await bench.until("the signals arrive", () => reader.signals() > arrived);
        await reader.shows(index + 1);
        await reader.isQuiet();
        // One read at first, one for what arrives during it, and one for a burst that arrives in two parts.
        atMost(reader.fetches() - before, 3, `reads for ${size} signals`);
        same(reader.shown(), { revision: index + 1 }, "shown");
      }
    },
    { timeoutMs: 60_000 },
  ),

  scenario(
    "60 commits in a row cause at most one read per 100 ms and one more, and the last value is shown",
    async (bench) => {
      const room = await bench.newRoom();
      const reader = bench.openReader(room);
      await reader.isLive();
      await reader.isQuiet();
      const before = reader.fetches();
      const startedAtMs = bench.clock.now();
      for (let revision = 1; revision <= 60; revision += 1) await update(bench, room, revision);
      await reader.shows(60);
      const burstMs = bench.clock.now() - startedAtMs;
      await reader.isQuiet();
      atMost(reader.fetches() - before, Math.ceil(burstMs / 100) + 2, "reads");
      same(reader.shown(), { revision: 60 }, "shown");
    },
    { timeoutMs: 60_000 },
  ),

  scenario(
    "I5 a repeated or reordered signal causes at most one read, and older data is never shown",
    async (bench) => {
      const room = await bench.newRoom();
      const reader = bench.openReader(room);
      const forge = (id: string) =>
        bench.forge(`private-${room.name}.e0`, "message.posted", frame(id));
      await reader.isLive();
      await update(bench, room, 7);
      await reader.shows(7);
      await reader.isQuiet();
      const before = reader.fetches();
      for (const id of ["a2", "a1", "a2", "a1"]) await forge(id);
      await bench.until("a signal causes a read", () => reader.fetches() > before);
      await reader.isQuiet();
      // Two different signals: at most one read each, or one for both.
      atMost(reader.fetches() - before, 2, "reads");
      for (const id of ["a1", "a2"]) await forge(id);
      await reader.isQuiet();
      atMost(reader.fetches() - before, 2, "reads after another repetition");
      same(reader.shown(), { revision: 7 }, "shown");
    },
    { timeoutMs: 60_000 },
  ),

  scenario(
    "S3.24 a forged signal only causes a read, and the server decides what the viewer sees",
    async (bench) => {
      const room = await bench.newRoom();
      const reader = bench.openReader(room);
      const wireName = `private-${room.name}.e0`;
      await reader.isLive();
      await reader.isQuiet();
      const forgeries = [
        { v: 1, id: "f1", ids: [{ messageId: "m1" }], revision: 99 },
        { v: 99, id: "f2" },
        "[{",
        null,
      ];
      for (const forgery of forgeries) {
        const before = reader.fetches();
        await bench.forge(wireName, "message.posted", JSON.stringify(forgery));
        await bench.until("it causes a read", () => reader.fetches() > before);
        same(reader.shown(), { revision: 0 }, "shown");
      }
      await bench.forge(wireName, "nobody.knows", "{}");
      await reader.isQuiet();
      same(reader.shown(), { revision: 0 }, "shown in the end");
    },
    { timeoutMs: 60_000 },
  ),

  scenario("only its author can join a draft", async (bench) => {
    const room = await bench.newRoom("author");
    const author = bench.openReader(room, { id: "author" });
    const stranger = bench.openReader(room, { id: "stranger" });
    const reports = () => stranger.page.reports.map(({ type }) => type);
    await author.isLive();
    await bench.until("the stranger is denied", () => reports().includes("denied"));
    await stranger.isQuiet();
    const before = stranger.fetches();
    await update(bench, room, 1);
    await author.shows(1);
    same([reports(), stranger.fetches(), stranger.shown()], [["denied"], before, null], "stranger");
  }),
];
