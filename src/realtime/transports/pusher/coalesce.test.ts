import { expect, test } from "vitest";
import { type BrokerEvent, createCoalescer } from "./coalesce.ts";

const event = (channel: string): BrokerEvent => ({ channel, name: "comment.created", data: "{}" });

test("R1 events dropped with a failed batch can be sent again on every channel", async () => {
  const events = ["a", "b", "c", "d", "e"].map(event);
  let isAway = true;
  const arrived: string[] = [];
  const { push } = createCoalescer({
    batchSize: 2,
    concurrency: 1,
    send: async (batch) => {
      if (isAway) throw new Error("The broker is away.");
      arrived.push(...batch.map(({ channel }) => channel));
    },
  });
  await expect(push(events)).rejects.toThrow("away");
  // Lets the coalescer process the untried channels before the events are sent again.
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  isAway = false;
  await push(events);
  expect(arrived.toSorted()).toEqual(["a", "b", "c", "d", "e"]);
});

test("R3 a caller's failure affects neither the order nor the events of other callers", async () => {
  const arrived: string[] = [];
  let calls = 0;
  const { push } = createCoalescer({
    batchSize: 2,
    concurrency: 1,
    send: async (batch) => {
      calls += 1;
      if (calls === 1) throw new Error("The broker is away.");
      arrived.push(...batch.map(({ channel, data }) => `${channel}${data}`));
    },
  });
  const numbered = (channel: string, data: string) => ({ channel, name: "x.y", data });
  const failing = push(["a", "b", "c"].map((channel) => numbered(channel, "1")));
  await Promise.all([
    expect(failing).rejects.toThrow("away"),
    new Promise((resolve) => setImmediate(resolve)).then(() =>
      push(["c", "c", "c"].map((channel, index) => numbered(channel, String(index + 2)))),
    ),
  ]);
  expect(arrived).toEqual(["c2", "c3", "c4"]);
});
