import { expect, test } from "vitest";
import { createFakeBroker } from "../../testing/fakes/fake-broker.ts";
import type { Broker, Delivery } from "../ports.ts";
import { announceRestored } from "./restore-notice.ts";

const position = "0123456789abcdef0123456789abcdef/3:3:";

/** A broker with subscriptions on these names; `list` replaces its `countSubscriptions`. */
function brokerWith(names: readonly string[], list?: Broker["countSubscriptions"] | null) {
  const published: Delivery[] = [];
  const { broker: fake } = createFakeBroker();
  const count = async () => new Map(names.map((name) => [name, 1]));
  const { countSubscriptions: _replaced, ...rest } = fake;
  const broker: Broker = {
    ...rest,
    ...(list === null ? {} : { countSubscriptions: list ?? count }),
    publish: async (deliveries) => {
      published.push(...deliveries);
    },
  };
  return { broker, published };
}

test("C3 every subscribed name receives the notice of a changed epoch, and no other name does", async () => {
  const names = ["private-user.u1.e0", "private-article.a-1.e17", "presence-lobby", "private-x"];
  const { broker, published } = brokerWith(names);
  expect(await announceRestored(broker, position)).toBe(true);
  expect(
    published.map(({ channel, accessEpoch, signal }) => [channel, accessEpoch, signal.name]),
  ).toEqual([
    ["user.u1", 0, "querycast.moved"],
    ["article.a-1", 17, "querycast.moved"],
  ]);
});

test("C3 listing subscriptions is retried after a failure", async () => {
  let asked = 0;
  const { broker, published } = brokerWith([], async () => {
    asked += 1;
    if (asked === 1) throw new Error("The broker did not answer.");
    return new Map([["private-user.u1.e0", 1]]);
  });
  expect(await announceRestored(broker, position)).toBe(true);
  expect(published.at(-1)?.channel).toBe("user.u1");
});

test("C3 a broker that cannot list subscriptions does not block the relay", async () => {
  const refusing = brokerWith([], () => Promise.reject(new Error("There is no such call.")));
  expect(await announceRestored(refusing.broker, position)).toBe(false);
  expect(await announceRestored(brokerWith([], null).broker, position)).toBe(false);
});

test("C3 an unreachable broker is an error, so that the notice is retried", async () => {
  const fake = createFakeBroker();
  fake.stop();
  await expect(announceRestored(fake.broker, position)).rejects.toThrow("stopped");
});
