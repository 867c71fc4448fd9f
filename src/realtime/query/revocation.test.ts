import { expect, test } from "vitest";
import { a1, a2, setUp } from "../../../tests/support/rigs/bridge-rig.ts";

test("V3 a revocation removes the channel's data from the cache, mounted or not", async () => {
  const { broker, route, mount, queryClient, settle } = setUp();
  let isReadable = true;
  const read = async () => {
    if (!isReadable) throw new Error("forbidden");
    return "secret";
  };
  const [seen, unseen, other] = [
    mount("seen", [a1], read),
    mount("unseen", [a1], read),
    mount("other", [a2], read),
  ];
  await settle();
  unseen.unmount();
  isReadable = false;
  route.deny(a1.name);
  broker.send(route.wireName(a1.name), "querycast.moved", "{}");
  await settle();
  expect(seen.observer.getCurrentResult()).toMatchObject({ status: "error", data: undefined });
  expect(unseen.query()).toBeUndefined();
  expect(other.data()).toBe("secret");
  const reads = seen.fetches.length;
  await settle();
  expect(seen.fetches).toHaveLength(reads);
  expect(
    JSON.stringify(
      queryClient
        .getQueryCache()
        .getAll()
        .map((query) => query.state.data),
    ),
  ).toBe('[null,"secret"]');
});

test("V3 a fetch that began before the revocation does not bring the data back", async () => {
  const { broker, route, mount, publish, settle, clock } = setUp();
  const query = mount("seen", [a1], (n) =>
    n < 3
      ? new Promise((resolve) => clock.after(1_500, () => resolve("secret")))
      : Promise.reject(new Error("forbidden")),
  );
  await clock.advance(4_000);
  publish(a1);
  await clock.advance(200);
  route.deny(a1.name);
  broker.send(route.wireName(a1.name), "querycast.moved", "{}");
  await settle();
  await clock.advance(4_000);
  expect(query.observer.getCurrentResult()).toMatchObject({ status: "error", data: undefined });
});
