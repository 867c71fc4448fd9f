import { expect, test } from "vitest";
import { createFakeBroker } from "../testing/fake-broker.ts";
import type { Broker, Delivery } from "./ports.ts";
import { tellRestored } from "./restore-notice.ts";

const position = "0123456789abcdef0123456789abcdef/3:3:";

/** A broker with these listeners; `list` answers in its place. */
function brokerWith(names: readonly string[], list?: Broker["audience"] | null) {
  const published: Delivery[] = [];
  const { broker } = createFakeBroker();
  const audience = async () => new Map(names.map((name) => [name, 1]));
  const { audience: _replaced, ...rest } = broker;
  const told: Broker = {
    ...rest,
    ...(list === null ? {} : { audience: list ?? audience }),
    publish: async (deliveries) => {
      published.push(...deliveries);
    },
  };
  return { told, published };
}

test("C3 every name somebody listens on is told that it moved, and no other", async () => {
  const names = ["private-user.u1.e0", "private-article.a-1.e17", "presence-lobby", "private-x"];
  const { told, published } = brokerWith(names);
  expect(await tellRestored(told, position)).toBe(true);
  expect(
    published.map(({ channel, accessEpoch, signal }) => [channel, accessEpoch, signal.name]),
  ).toEqual([
    ["user.u1", 0, "querycast.moved"],
    ["article.a-1", 17, "querycast.moved"],
  ]);
});

test("C3 a broker that is late once is asked again", async () => {
  let asked = 0;
  const { told, published } = brokerWith([], async () => {
    asked += 1;
    if (asked === 1) throw new Error("The broker did not answer.");
    return new Map([["private-user.u1.e0", 1]]);
  });
  expect(await tellRestored(told, position)).toBe(true);
  expect(published.at(-1)?.channel).toBe("user.u1");
});

test("C3 a broker that takes signals and does not list its channels holds nobody up", async () => {
  const refusing = brokerWith([], () => Promise.reject(new Error("There is no such call.")));
  expect(await tellRestored(refusing.told, position)).toBe(false);
  expect(await tellRestored(brokerWith([], null).told, position)).toBe(false);
});

test("C3 a broker that is away is an error: telling stays due", async () => {
  const fake = createFakeBroker();
  fake.stop();
  await expect(tellRestored(fake.broker, position)).rejects.toThrow("stopped");
});
