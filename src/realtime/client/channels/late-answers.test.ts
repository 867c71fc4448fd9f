import { expect, test } from "vitest";
import { article, channels, made } from "../../../../tests/support/rigs/client-rig.ts";
import { createFakeParts } from "../../../../tests/support/rigs/fake-parts.ts";
import { createRealtimeClient } from "../client.ts";
import type { TransportHandlers } from "../transport.ts";

/** A client whose responses to catch-ups wait until they are released, in any order. */
function openSlowPage() {
  const { broker, route, clock, options } = createFakeParts();
  const releases: (() => void)[] = [];
  let isSlow = false;
  let handlers: TransportHandlers | undefined;
  const client = createRealtimeClient({
    ...options,
    channels,
    transport: {
      ...broker.transport,
      connect: (given) => {
        handlers = given;
        return broker.transport.connect(given);
      },
    },
    fetch: async (url, init) => {
      const response = await route.fetch(url, init);
      if (isSlow && JSON.parse(String(init?.body)).type === "catch-up") {
        await new Promise<void>((resolve) => releases.push(resolve));
      }
      return response;
    },
  });
  const received: string[] = [];
  client.subscribe(article, {
    signal: ({ id }) => received.push(id),
    gap: () => received.push("gap"),
  });
  return {
    clock,
    client,
    route,
    received,
    slowDown: () => {
      isSlow = true;
    },
    acknowledge: () => handlers?.subscribed(route.wireName(article.name)),
    release: async (index: number) => {
      releases[index]?.();
      await clock.advance(1);
    },
  };
}

test("a late answer to an earlier catch-up does not count for a later one", async () => {
  const { clock, client, route, received, slowDown, acknowledge, release } = openSlowPage();
  await clock.advance(100);
  expect(received.splice(0)).toEqual(["gap"]);
  slowDown();
  acknowledge();
  await clock.advance(100);
  route.append(article.name, made("k1"));
  acknowledge();
  await clock.advance(100);
  expect(route.of("catch-up")).toHaveLength(3);
  await release(0);
  expect(client.channelState(article.name).status).toBe("catching-up");
  await release(1);
  expect(received).toEqual(["k1"]);
  expect(client.channelState(article.name).status).toBe("live");
  client.close();
});
