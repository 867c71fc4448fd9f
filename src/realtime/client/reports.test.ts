import { expect, test, vi } from "vitest";
import { article, channels, inEpoch, made } from "../../../tests/support/rigs/client-rig.ts";
import { createFakeParts } from "../../../tests/support/rigs/fake-parts.ts";
import { createRealtimeClient } from "./client.ts";

test("an `onReport` and an `onTrace` that throw are printed, and signals arrive as before", async () => {
  const print = vi.spyOn(console, "error").mockImplementation(() => {});
  const { broker, clock, options } = createFakeParts();
  const broken = (part: string) => () => {
    throw new Error(`The ${part} is broken.`);
  };
  const client = createRealtimeClient({
    ...options,
    channels,
    onReport: broken("logger"),
    onTrace: broken("tracer"),
  });
  const received: string[] = [];
  client.subscribe(article, { signal: broken("listener"), gap: () => {} });
  client.subscribe(article, { signal: ({ id }) => received.push(id), gap: () => {} });
  await clock.advance(100);
  broker.publish(inEpoch(0), made("m1"));
  broker.stop();
  await clock.advance(10_000);
  broker.start();
  await clock.advance(10_000);
  broker.publish(inEpoch(0), made("m2"));
  expect(received).toEqual(["m1", "m2"]);
  expect(print).toHaveBeenCalledWith(new Error("The logger is broken."));
  expect(print).toHaveBeenCalledWith(new Error("The tracer is broken."));
  client.close();
});
