import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { memberOf } from "../../support/rigs/rollout-rig.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";
import {
  createSiteStreams,
  readEvents,
  type SiteStreams,
  type StreamEvent,
} from "../../support/site/site-streams.ts";

const { ann, rea } = viewers;
let site: SiteDatabase;
let streams: SiteStreams;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  // The rows include settings and bans.
  for (const table of ["phase_settings", "channel_settings", "channel_bans", "user_bans"]) {
    await site.owner`delete from ${site.owner(table)}`;
  }
  streams = await createSiteStreams(site);
});
afterAll(async () => {
  await streams?.close();
  await site?.close();
});

/** The progress of ann's import, which only ann may read. */
const ref = channels.import({ importId: idOf("import") });
const wireName = `private-${ref.name}.e0`;
const progress = (done: number) =>
  streams.send(ref, { type: "import.progressed", fields: { done, total: 9 } });

test("S4.7 without a session the endpoint answers 401 before any byte of a stream", async () => {
  const body = { socketId: null, channels: [{ wireName, auth: "" }] };
  const answer = await streams.post("stream", null, body);
  const text = await answer.text();
  expect(answer.status).toBe(401);
  expect(answer.headers.get("content-type")).not.toContain("event-stream");
  expect(text).toBe('{"v":1,"error":"unauthenticated"}');
  expect(text).not.toContain("connected");
});

test("S4.7 a client cannot name a channel: a wire name that was not signed for it is refused, and no message arrives", async () => {
  const own = await streams.openHostile(memberOf(ann), [ref.name]);
  // The signature is valid for the stream and the session of ann alone.
  const [stolen] = own.signed;
  const forged = [
    { wireName, auth: "" },
    { wireName, auth: "0".repeat(64) },
    { wireName, auth: stolen?.auth ?? "" },
    { wireName: "everything", auth: "" },
  ];
  for (const channel of forged) {
    const received: StreamEvent[] = [];
    const answer = await streams.post("stream", memberOf(rea), {
      socketId: own.socketId,
      channels: [channel],
    });
    const read = (async () => {
      for await (const event of readEvents(answer)) received.push(event);
    })().catch(() => {});
    await vi.waitFor(() => expect(received.map(({ event }) => event)).toContain("refused"), 10_000);
    const before = own.events.length;
    await progress(1);
    await vi.waitFor(() => expect(own.events.length).toBeGreaterThan(before), 10_000);
    // Frames of one process are written in the order of its streams: a later message would follow the first.
    await progress(2);
    await vi.waitFor(() => expect(own.events.length).toBeGreaterThan(before + 1), 10_000);
    expect(received.map(({ event, data }) => [event, event === "refused" ? data : null])).toEqual([
      ["connected", null],
      ["subscribed", null],
      ["refused", [channel.wireName]],
    ]);
    await answer.body?.cancel().catch(() => {});
    void read;
  }
  expect(own.events.some(({ event }) => event === "message")).toBe(true);
});

test("S4.7 the name of a channel protects nothing: a join is answered by the viewer's own rights", async () => {
  const join = { type: "join", socketId: "1.1", channels: [ref.name] };
  expect((await streams.post("route", memberOf(rea), join)).status).toBe(403);
  expect((await streams.post("route", null, join)).status).toBe(401);
  expect((await streams.post("route", memberOf(ann), join)).status).toBe(200);
});
