import { expect, test } from "vitest";
import { connected, createFakeServer, ours } from "../../../../tests/support/rigs/stream-rig.ts";
import { createRealtimeClient } from "../../client/client.ts";
import type { RealtimeReport } from "../../client/realtime-client.ts";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { ids } from "../../protocol/ids.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { createFakeEnvironment } from "../../testing/fakes/fake-environment.ts";
import { createFakeRoute } from "../../testing/fakes/fake-route.ts";
import { sse } from "./client.ts";
import { toFrame } from "./frame.ts";

const channels = defineChannels({
  article: channel("article.{articleId}").signal("comment.created", ids("commentId")),
});

/** A page with the real client over such a stream. */
async function openPage() {
  const clock = createFakeClock();
  const server = createFakeServer();
  const route = createFakeRoute();
  const reports: RealtimeReport[] = [];
  const statuses: string[] = [];
  const client = createRealtimeClient({
    channels,
    transport: sse({ fetch: server.fetch, clock }),
    fetch: route.fetch,
    clock,
    environment: createFakeEnvironment(),
    random: () => 0.5,
    onReport: (report) => reports.push(report),
  });
  client.onStateChange(() => statuses.push(client.getState().status));
  const say = async (text: string) => {
    server.last().say(text);
    await clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
  };
  /** Responds to the stream that is being opened as the hub does. */
  const accept = async () => {
    const names = server.last().request.channels.map(({ wireName }) => wireName);
    await say(connected + toFrame("subscribed", names));
    await clock.advance(60);
  };
  const want = (articleId: string) => client.subscribe(channels.article({ articleId }));
  return { clock, server, route, reports, statuses, client, say, accept, want };
}

test("E3 a stream that ends is replaced by another with new access decisions, and no outage is reported", async () => {
  const { clock, server, route, reports, statuses, client, say, accept, want } = await openPage();
  want("a1");
  await clock.advance(0);
  await accept();
  await accept();
  expect(client.getState().status).toBe("live");
  statuses.length = 0;
  const joins = () => route.requests.filter(({ type }) => type === "join").length;
  const before = joins();
  await say(toFrame("end", null));
  await clock.advance(500);
  expect(server.last().request.socketId).toBeNull();
  await accept();
  await accept();
  expect(statuses).toEqual(["catching-up", "live"]);
  expect([joins() - before, reports]).toEqual([1, []]);
  // No request to sign in either: the stream's request contains the session cookie.
  expect(route.requests.some(({ type }) => type === "sign-in")).toBe(false);
});

test("E3 when no other stream opens, the status is degraded", async () => {
  const { clock, server, client, say, accept, want } = await openPage();
  want("a1");
  await clock.advance(0);
  await accept();
  await accept();
  server.answerWith(ours(503, "unavailable"));
  await say(toFrame("end", null));
  await clock.advance(500);
  expect(client.getState()).toMatchObject({ status: "degraded", cause: "connection" });
});

test("E5 live channels catch up after a stream is opened for an added channel", async () => {
  const { clock, route, client, accept, want } = await openPage();
  want("a1");
  await clock.advance(0);
  await accept();
  await accept();
  want("a2");
  await clock.advance(40);
  await accept();
  const asked = route.requests.filter(({ type }) => type === "catch-up").at(-1);
  expect(JSON.stringify(asked)).toContain("article.a1");
  expect(JSON.stringify(asked)).toContain("article.a2");
  expect(client.getState().status).toBe("live");
});

test("K5 a 401 signs the client out permanently", async () => {
  const { clock, server, reports, client, want } = await openPage();
  server.answerWith(ours(401, "unauthenticated"));
  want("a1");
  await clock.advance(60_000);
  expect(client.getState()).toMatchObject({ status: "offline", reason: "signed-out" });
  expect([reports, clock.pending()]).toEqual([[{ type: "signed-out" }], 0]);
});
