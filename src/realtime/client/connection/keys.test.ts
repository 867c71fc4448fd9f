import { expect, test } from "vitest";
import { article, inEpoch, made, setUp, site } from "../../../../tests/support/rigs/client-rig.ts";
import { epochChangedEvent } from "../../protocol/epoch-changed.ts";
import type { LiveFor } from "../../protocol/rollout.ts";

const live: LiveFor = { kinds: ["article"], phases: [2] };

/** A page that was rendered with the key `old`. The broker does not have the apps in `gone`. */
function openPage(...gone: string[]) {
  /** The key of each connection attempt. */
  const keys: (string | undefined)[] = [];
  const rig = setUp({
    rollout: { live, control: site },
    transport: (fake) => ({
      ...fake,
      key: "old",
      connect: (handlers, key) => {
        keys.push(key);
        if (gone.includes(key ?? "")) {
          const message = "There is no such app.";
          queueMicrotask(() => handlers.disconnected({ reason: "refused", message }));
        }
        return fake.connect(handlers);
      },
    }),
  });
  const { broker, route } = rig;
  route.setLive(live);
  const { received } = rig.listen();
  const publish = (id: string) => {
    route.append(article.name, made(id));
    broker.publish(inEpoch(0), made(id));
  };
  return { ...rig, keys, received, publish };
}

test("B1 requests have the key of the socket's app, and a new current app does not close a socket", async () => {
  const { broker, client, clock, keys, route } = openPage();
  route.setKeys(["old"]);
  await clock.advance(1_000);
  expect(route.of("join")[0]?.key).toBe("old");
  expect(route.of("sign-in")[0]?.key).toBe("old");
  route.setKeys(["new", "old"]);
  await clock.advance(5 * 60_000);
  expect(route.of("positions").at(-1)?.key).toBe("old");
  expect([broker.attempts(), client.getState().status]).toEqual([1, "live"]);
  broker.cut();
  await clock.advance(5_000);
  expect(keys).toEqual(["old", "new"]);
  expect(route.of("join").at(-1)?.key).toBe("new");
});

test("B3 a client on a retired app is connected to the current one within 2 s, without a missed signal", async () => {
  const { broker, client, clock, received, keys, publish, reports, route } = openPage();
  route.setKeys(["old"]);
  await clock.advance(1_000);
  publish("1");
  route.setKeys(["new"]);
  broker.publish(inEpoch(0), made("farewell", epochChangedEvent));
  route.append(article.name, made("2"));
  await clock.advance(2_000);
  expect(keys).toEqual(["old", "new"]);
  expect(client.getState().status).toBe("live");
  expect(received.filter((id) => id !== "gap")).toEqual(["1", "2"]);
  expect(broker.sockets.size).toBe(1);
  // A planned reconnect is not reported.
  expect(reports).toEqual([]);
});

test("B3 a client that missed the end of its app connects to the current one after the next poll", async () => {
  const { clock, keys, route } = openPage();
  route.setKeys(["old"]);
  await clock.advance(1_000);
  route.setKeys(["new"]);
  await clock.advance(50_000);
  expect(keys).toEqual(["old", "new"]);
});

test("B4 a page with an old key gets the current one with its first join, and connects with it", async () => {
  const { client, clock, keys, route } = openPage();
  route.setKeys(["new"]);
  await clock.advance(2_000);
  expect(keys).toEqual(["old", "new"]);
  expect(client.getState().status).toBe("live");
});

test("B4 when every response has another key the client reconnects about once a second, not in a loop", async () => {
  const { clock, keys, route } = openPage();
  for (let step = 0; step < 6_000; step += 1) {
    route.setKeys([`k${route.requests.length}`]);
    await clock.advance(10);
  }
  // One minute has passed.
  expect(keys.length).toBeLessThan(90);
});

test("B5 when the broker no longer has the app, the client asks the route for the current one", async () => {
  const { client, clock, keys, reports, route } = openPage("old");
  route.setKeys(["new"]);
  await clock.advance(20);
  expect([keys, reports]).toMatchObject([["old"], [{ type: "connection-lost" }]]);
  await clock.advance(5_000);
  expect(keys).toEqual(["old", "new"]);
  expect(client.getState().status).toBe("live");
});
