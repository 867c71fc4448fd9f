import type { MessageFrame } from "querycast";
import { createRawStreamHandler } from "querycast/transports/sse/server";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { announce } from "@/features/admin/announcements/announce.ts";
import { signBody } from "../../../scripts/jobs/signing.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { insertRows, viewers } from "../../support/rows/rls-rows.ts";
import { serveRaw } from "../../support/servers/serve-raw.ts";
import { readEvents, type StreamEvent } from "../../support/site/site-streams.ts";

const signingKey = `signkey-test-${"0123456789abcdef".repeat(4)}`;
let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  for (const table of ["announcements", "phase_settings", "channel_settings"]) {
    await site.owner`delete from ${site.owner(table)}`;
  }
});
beforeEach(() => {
  vi.stubEnv("INNGEST_DEV", "");
  vi.stubEnv("NODE_ENV", "production");
  vi.stubEnv("INNGEST_SIGNING_KEY", signingKey);
  vi.stubEnv("INNGEST_EVENT_KEY", "event-key");
  vi.stubEnv("NEXTAUTH_SECRET", "a secret of at least 32 characters");
  vi.stubEnv("NEXTAUTH_URL", "https://inkwell.test");
  vi.stubEnv("DATABASE_URL", site.appUrl);
  vi.stubEnv("TRANSPORT", "sse");
  vi.stubEnv("LOG_LEVEL", "warn");
});
afterAll(async () => {
  const { database } = await import("@/wiring/database.ts");
  await database().close();
  await site.close();
});

/** A stream of the site's own hub over HTTP, on the channel of announcements. */
async function openPage() {
  const { hub } = await import("@/wiring/realtime/broker/broker.ts");
  const own = hub();
  if (own === null) throw new TypeError("The site has no hub.");
  const viewer = { id: viewers.rea.userId };
  const handle = createRawStreamHandler({
    hub: own,
    relay: { health: () => ({ state: "leading" }) as never },
    getViewer: async () => viewer,
    allowedOrigins: [],
  });
  const served = await serveRaw((request, response) => void handle(request, response));
  const socketId = `${Date.now()}.5`;
  const wireName = `private-${channels.announcement({}).name}.e0`;
  const auth = await own.signJoin(socketId, wireName, viewer);
  const answer = await fetch(`http://${served.host}:${served.port}/`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ v: 1, socketId, channels: [{ wireName, auth }] }),
  });
  const events: StreamEvent[] = [];
  const read = async () => {
    for await (const event of readEvents(answer)) events.push(event);
  };
  read().catch(() => {});
  await vi.waitFor(() => expect(events.map(({ event }) => event)).toContain("subscribed"));
  const frames = () =>
    events
      .filter(({ event }) => event === "message")
      .map(({ data }) => {
        const [on, text] = data as [string, string];
        return { on, frame: JSON.parse(text) as MessageFrame };
      });
  const close = async () => {
    const { ephemeral } = await import("@/wiring/realtime/ephemeral.ts");
    ephemeral().close();
    own.close();
    await served.close();
  };
  return { frames, close };
}

/** The request that the service sends for a scheduled function. */
async function runScheduled(functionId: string): Promise<number> {
  const { POST } = await import("../../../app/api/inngest/route.ts");
  const event = { name: "inngest/scheduled.timer", data: {}, id: "a-timer", ts: Date.now() };
  const stack = { stack: [], current: 0 };
  const body = JSON.stringify({
    version: 1,
    event,
    events: [event],
    steps: {},
    ctx: {
      run_id: "run-1",
      attempt: 0,
      max_attempts: 1,
      use_api: false,
      stack,
      disable_immediate_execution: false,
    },
  });
  const answer = await POST(
    new Request(`https://inkwell.test/api/inngest?fnId=inkwell-${functionId}&stepId=step`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-inngest-signature": signBody(body, signingKey),
      },
      body,
    }),
    { params: Promise.resolve({}) },
  );
  return answer.status;
}

test("S4.6 an admin's action and the scheduled job through Inngest's route send an open page the same frame on the same channel", async () => {
  const page = await openPage();
  const { contexts } = await import("@/wiring/context.ts");
  await contexts().write(viewers.kay)((ctx) =>
    announce(ctx, { text: "Restart at 14:00", minutes: 5 }),
  );
  await vi.waitFor(() => expect(page.frames()).toHaveLength(1), 10_000);
  expect(await runScheduled("repeat-announcements")).toBe(200);
  await vi.waitFor(() => expect(page.frames()).toHaveLength(2), 10_000);
  const [one, other] = page.frames();
  expect(one?.frame).toMatchObject({
    type: "maintenance.announced",
    fields: { text: "Restart at 14:00" },
  });
  // Alike in all but what identifies a message: its id, its number and its time.
  const shape = (each = one) => {
    const { id: _id, n: _n, sentAtMs: _at, ...rest } = each?.frame ?? ({} as MessageFrame);
    return { on: each?.on, ...rest };
  };
  expect(shape(other)).toEqual(shape(one));
  expect(other?.frame.id).not.toBe(one?.frame.id);
  await page.close();
}, 60_000);
