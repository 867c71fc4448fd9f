import { expect, test } from "vitest";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { fields } from "../../protocol/ephemeral/fields.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import type { MessageDelivery } from "../ports.ts";
import { createEphemeral } from "./create-ephemeral.ts";

const channels = defineChannels({
  import: channel("import.{importId}", {
    ephemeral: { bufferSize: 3, lastN: 2, messageTTL: 10_000, maxAge: 5_000 },
  }).message("import.progress", fields({ step: "string" })),
  page: channel("page.{pageId}").signal("page.changed"),
});
const ref = channels.import({ importId: "i1" });
const step = (name: string) => ({ type: "import.progress", fields: { step: name } }) as const;

function setUp() {
  const clock = createFakeClock();
  const delivered: MessageDelivery[] = [];
  const errors: unknown[] = [];
  let readEpochs = async () => 0;
  const ephemeral = createEphemeral({
    channels,
    clock,
    now: () => 7,
    onError: (error) => errors.push(error),
    log: { accessEpochs: async ([name = ""]) => new Map([[name, await readEpochs()]]) },
    broker: { sendMessage: async (message) => void delivered.push(message) },
  });
  const steps = (list: readonly { readonly data: string }[]) =>
    list.map(({ data }) => JSON.parse(data).fields.step);
  return {
    clock,
    delivered,
    errors,
    ephemeral,
    steps,
    replayed: () => steps(ephemeral.replay(ref.name)),
    setEpochs: (read: () => Promise<number>) => {
      readEpochs = read;
    },
  };
}

test("S4.3 S4.5 the replay holds the last `lastN`, younger than `maxAge` and `messageTTL`, oldest first", async () => {
  const { ephemeral, clock, replayed } = setUp();
  await ephemeral.send(ref, step("a"));
  await clock.advance(3_000);
  for (const name of ["b", "c"]) await ephemeral.send(ref, step(name));
  expect(replayed()).toEqual(["b", "c"]);
  expect(ephemeral.replay(ref.name).map(({ ageMs }) => ageMs)).toEqual([0, 0]);
  await clock.advance(4_999);
  expect(replayed()).toEqual(["b", "c"]);
  await clock.advance(1);
  expect(replayed()).toEqual([]);
});

test("S4.1 a channel is made by its first message, and its memory is freed when all messages have expired", async () => {
  const { ephemeral, clock } = setUp();
  expect(ephemeral.size()).toBe(0);
  await ephemeral.send(ref, step("a"));
  expect(ephemeral.size()).toBe(1);
  await clock.advance(30_000);
  expect(ephemeral.size()).toBe(0);
  expect(clock.pending()).toBe(0);
});

test("S4.10 a message has its type, declared scalar fields and a time, and anything else is refused where it is sent", async () => {
  const { ephemeral, delivered, replayed } = setUp();
  const send = (message: unknown) => ephemeral.send(ref, message as never);
  await expect(send({ type: "import.other", fields: {} })).rejects.toThrow("not declared");
  await expect(send(step(1 as never))).rejects.toThrow('Field "step"');
  await expect(send({ type: "import.progress", fields: {} })).rejects.toThrow('Field "step"');
  const extra = { type: "import.progress", fields: { step: "a", html: "b" } };
  await expect(send(extra)).rejects.toThrow('Field "html"');
  await expect(send(step("é".repeat(500)))).rejects.toThrow("1024 are allowed");
  const page = channels.page({ pageId: "p1" });
  await expect(ephemeral.send(page as never, step("a") as never)).rejects.toThrow(
    "carries signals",
  );
  expect([delivered.length, replayed().length]).toEqual([0, 0]);
  await send(step("a"));
  expect(JSON.parse(delivered[0]?.data ?? "")).toMatchObject({ ...step("a"), sentAtMs: 7, v: 1 });
});

test("S4.4 S4.5 a slow log neither delays a sender, nor reorders, nor collects messages, nor delivers expired ones", async () => {
  const { ephemeral, clock, delivered, setEpochs, steps } = setUp();
  let answer = () => {};
  setEpochs(
    () =>
      new Promise((resolve) => {
        answer = () => resolve(0);
      }),
  );
  const first = ephemeral.send(ref, step("first"));
  for (const name of ["a", "b", "c", "d", "e"]) await ephemeral.send(ref, step(name));
  setEpochs(async () => 4);
  answer();
  await first;
  expect(steps(delivered)).toEqual(["first", "c", "d", "e"]);
  expect(delivered.map(({ accessEpoch }) => accessEpoch)).toEqual([0, 4, 4, 4]);
  setEpochs(
    () =>
      new Promise((resolve) => {
        answer = () => resolve(0);
      }),
  );
  const late = ephemeral.send(ref, step("late"));
  await clock.advance(10_000);
  answer();
  await late;
  expect(delivered).toHaveLength(4);
});

test("S4.4 a broker or log that fails does not fail the sender", async () => {
  const { ephemeral, setEpochs, errors, replayed } = setUp();
  setEpochs(async () => Promise.reject(new Error("down")));
  await ephemeral.send(ref, step("a"));
  expect(errors).toHaveLength(1);
  expect(replayed()).toEqual(["a"]);
});
