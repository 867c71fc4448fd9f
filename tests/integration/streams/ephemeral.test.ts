import type { MessageFrame, RealtimeClient } from "querycast";
import { afterEach, expect, test, vi } from "vitest";
import { ownSoketiApp, type SoketiConnection } from "../../support/broker/soketi.ts";
import {
  ephemeralChannels as channels,
  type EphemeralProcess,
  type ImportRef,
  startProcess,
} from "../../support/stacks/ephemeral-stack.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(...app: Parameters<typeof startProcess>): Promise<EphemeralProcess> {
  const started = await startProcess(...app);
  closers.push(started.close);
  return started;
}

const progress = (done: number) => ({ type: "import.progress", fields: { done } }) as const;
const upload = (importId = "i1") => channels.import({ importId });

/** Subscribes a page. Returns the messages in the order of their arrival. */
function follow(page: RealtimeClient, ref: ImportRef | ReturnType<typeof channels.system>) {
  const received: MessageFrame[] = [];
  const stop = page.subscribe(ref, {
    signal: () => {},
    gap: () => {},
    message: (message) => received.push(message),
  });
  const done = () => received.map(({ fields }) => fields.done);
  return { received, done, stop };
}

const isJoined = (page: RealtimeClient, ref: ImportRef) =>
  vi.waitFor(
    () =>
      expect(page.inspect().find(({ channel }) => channel === ref.name)?.joinState).toBe("live"),
    10_000,
  );

const lines: [string, () => SoketiConnection | undefined][] = [
  ["sse", () => undefined],
  ["soketi", ownSoketiApp],
];

test.each(lines)(
  "S4.3 over %s a replay is the last messages, oldest first and before any live one, also while sends race with the subscription",
  async (_name, app) => {
    const { ephemeral, page } = await start(app());
    for (const done of [1, 2, 3, 4, 5]) await ephemeral.send(upload(), progress(done));
    const pages = Array.from({ length: 4 }, () => page());
    const received = pages.map((each) => follow(each, upload()));
    let sent = 5;
    while (!received.every(({ done }) => done().length > 5)) {
      sent += 1;
      await ephemeral.send(upload(), progress(sent));
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(sent).toBeLessThan(1_000);
    }
    await ephemeral.send(upload(), progress(-1));
    for (const { done } of received) {
      await vi.waitFor(() => expect(done().at(-1)).toBe(-1), 10_000);
      const first = Number(done()[0]);
      expect(first).toBeGreaterThan(2);
      const expected = Array.from({ length: sent - first + 1 }, (_, index) => first + index);
      expect(done()).toEqual([...expected, -1]);
    }
  },
  60_000,
);

test.each(lines)(
  "S4.3 over %s a kind without `lastN` replays nothing",
  async (_name, app) => {
    const { ephemeral, page } = await start(app());
    const warn = (text: string) =>
      ephemeral.send(channels.system({}), { type: "maintenance.warning", fields: { text } });
    await warn("before");
    const reader = page();
    const { received } = follow(reader, channels.system({}));
    await vi.waitFor(() => expect(reader.inspect()[0]?.joinState).toBe("live"), 10_000);
    await warn("after");
    await vi.waitFor(
      () => expect(received.map(({ fields }) => fields.text)).toEqual(["after"]),
      10_000,
    );
  },
  60_000,
);

test.each(lines)(
  "S4.6 over %s two senders of one process send to the same channel with the same result",
  async (_name, app) => {
    const { ephemeral, page } = await start(app());
    const reader = page();
    const { received } = follow(reader, upload());
    await isJoined(reader, upload());
    const handler = async (_request: Request) => {
      await ephemeral.send(upload(), progress(1));
      return new Response();
    };
    await handler(new Request("http://site.example"));
    await new Promise<void>((resolve) => {
      setTimeout(() => void ephemeral.send(upload(), progress(1)).then(resolve), 1);
    });
    await vi.waitFor(() => expect(received).toHaveLength(2), 10_000);
    const [one, other] = received.map(({ type, fields }) => ({ type, fields }));
    expect(one).toEqual(other);
    expect(new Set(received.map(({ id }) => id)).size).toBe(2);
  },
  60_000,
);

test.each(lines)(
  "S4.7 over %s a viewer who may not read gets no message, live or replayed, nor does one whose right has ended",
  async (_name, app) => {
    const { ephemeral, page, revoke } = await start(app());
    const secret = upload("secret1");
    await ephemeral.send(secret, progress(1));
    const [owner, stranger, guest] = [page({ id: "owner" }), page(), page(null)];
    const [seen, ...unseen] = [owner, stranger, guest].map((each) => follow(each, secret));
    await isJoined(owner, secret);
    await vi.waitFor(() => {
      expect(stranger.channelState(secret.name).status).toBe("denied");
      expect(guest.getState()).toMatchObject({ status: "offline", reason: "signed-out" });
    }, 10_000);
    await ephemeral.send(secret, progress(2));
    await vi.waitFor(() => expect(seen?.done()).toEqual([1, 2]), 10_000);
    // The page is not notified of the revocation, as a hostile page would ignore the notice.
    await revoke(secret);
    await ephemeral.send(secret, progress(3));
    const witness = page({ id: "owner" });
    const told = follow(witness, secret);
    await vi.waitFor(() => expect(told.done()).toEqual([1, 2, 3]), 10_000);
    expect(seen?.done()).toEqual([1, 2]);
    expect(unseen.flatMap(({ received }) => received)).toEqual([]);
  },
  60_000,
);

test("S4.7 the route answers 401 without a session, 403 without the right, and 400 for a name outside the contract", async () => {
  const { route } = await start();
  const ask = async (channel: string, headers: Record<string, string> = {}) => {
    const body = JSON.stringify({ v: 1, type: "catch-up", channels: [{ channel, cursor: null }] });
    const answer = await route(
      new Request("http://site.example/", {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
      }),
    );
    return answer.status;
  };
  const reader = { authorization: "reader" };
  expect(await ask("import.i1")).toBe(401);
  expect(await ask("import.secret1", reader)).toBe(403);
  expect(await ask("everything", reader)).toBe(400);
  expect(await ask("import.i1", reader)).toBe(200);
});

test("S4.1 processes share no replay, and over a broker all subscribers receive a message live", async () => {
  const app = ownSoketiApp();
  const [one, two] = [await start(app), await start(app)];
  const [ofOne, ofTwo] = [one.page(), two.page()];
  const received = [follow(ofOne, upload()), follow(ofTwo, upload())];
  await Promise.all([isJoined(ofOne, upload()), isJoined(ofTwo, upload())]);
  await one.ephemeral.send(upload(), progress(1));
  for (const { done } of received) await vi.waitFor(() => expect(done()).toEqual([1]), 10_000);
  const [late, elsewhere] = [one.page(), two.page()];
  const [replayed, nothing] = [follow(late, upload()), follow(elsewhere, upload())];
  await Promise.all([isJoined(late, upload()), isJoined(elsewhere, upload())]);
  expect(replayed.done()).toEqual([1]);
  expect(nothing.done()).toEqual([]);
}, 60_000);

test("S4.1 over streams a message reaches the subscribers of the process that sends it, and no others", async () => {
  const [one, two] = [await start(), await start()];
  const [ofOne, ofTwo] = [one.page(), two.page()];
  const [near, far] = [follow(ofOne, upload()), follow(ofTwo, upload())];
  await Promise.all([isJoined(ofOne, upload()), isJoined(ofTwo, upload())]);
  await one.ephemeral.send(upload(), progress(1));
  await vi.waitFor(() => expect(near.done()).toEqual([1]), 10_000);
  await two.ephemeral.send(upload(), progress(2));
  await vi.waitFor(() => expect(far.done()).toEqual([2]), 10_000);
  expect(near.done()).toEqual([1]);
}, 60_000);

test("S4.1 apps are isolated, and a channel is made by its first message", async () => {
  const [one, two] = [await start(ownSoketiApp()), await start(ownSoketiApp())];
  expect(one.ephemeral.size()).toBe(0);
  const page = two.page();
  const { received } = follow(page, upload());
  await isJoined(page, upload());
  await one.ephemeral.send(upload(), progress(1));
  await two.ephemeral.send(upload(), progress(2));
  await vi.waitFor(() => expect(received.map(({ fields }) => fields.done)).toEqual([2]), 10_000);
  expect(one.ephemeral.size()).toBe(1);
}, 60_000);

test.each(lines)(
  "S4.9 over %s an open page joins the restarted process without a reload, an error or a replay",
  async (_name, app) => {
    const soketi = app();
    const old = await startProcess(soketi);
    const reader = old.page();
    closers.push(reader.close);
    const { done } = follow(reader, upload());
    await isJoined(reader, upload());
    await old.ephemeral.send(upload(), progress(1));
    await vi.waitFor(() => expect(done()).toEqual([1]), 10_000);
    const statuses: string[] = [];
    const note = () => statuses.push(reader.channelState(upload().name).status);
    closers.push(reader.onStateChange(note));

    const { ephemeral, catchUps } = await start(soketi, await old.end());
    // Another channel makes the page ask the new process.
    follow(reader, upload("i2"));
    await vi.waitFor(() => expect(catchUps()).toBeGreaterThan(0), 30_000);
    await isJoined(reader, upload("i2"));
    await isJoined(reader, upload());
    expect(done()).toEqual([1]);
    await ephemeral.send(upload(), progress(2));
    await vi.waitFor(() => expect(done()).toEqual([1, 2]), 10_000);
    expect(statuses).not.toContain("denied");
    expect(reader.getState().status).toBe("live");
  },
  90_000,
);

test("S4.9 after a restart nothing is replayed, and pages join the new process without an error", async () => {
  const app = ownSoketiApp();
  const old = await startProcess(app);
  await old.ephemeral.send(upload(), progress(1));
  await old.close();
  const { ephemeral, page } = await start(app);
  const reader = page();
  const { done } = follow(reader, upload());
  await isJoined(reader, upload());
  expect(reader.channelState(upload().name).status).toBe("live");
  await ephemeral.send(upload(), progress(2));
  await vi.waitFor(() => expect(done()).toEqual([2]), 10_000);
}, 60_000);

test.each(lines)(
  "S4.11 over %s a page that reconnects while its replay is on the way gets each message once",
  async (_name, app) => {
    const { ephemeral, page, cut, catchUps, holdCatchUps } = await start(app());
    for (const done of [1, 2]) await ephemeral.send(upload(), progress(done));
    const release = holdCatchUps();
    const reader = page();
    const { done } = follow(reader, upload());
    await vi.waitFor(() => expect(catchUps()).toBe(1), 10_000);
    await ephemeral.send(upload(), progress(3));
    await cut("reader");
    await vi.waitFor(() => expect(catchUps()).toBe(2), 20_000);
    expect(done()).toEqual([]);
    release();
    await isJoined(reader, upload());
    await ephemeral.send(upload(), progress(4));
    await vi.waitFor(() => expect(done()).toEqual([1, 2, 3, 4]), 10_000);
  },
  60_000,
);

test.each(lines)(
  "S4.11 over %s system channels carry messages, and neither a second subscriber nor a reconnect repeats one",
  async (_name, app) => {
    const { ephemeral, page, cut, catchUps } = await start(app());
    await ephemeral.send(upload(), progress(1));
    const reader = page();
    const [system, imports] = [follow(reader, channels.system({})), follow(reader, upload())];
    await isJoined(reader, upload());
    await ephemeral.send(channels.system({}), {
      type: "content.updated",
      fields: { articleId: "a1" },
    });
    await ephemeral.send(upload(), { type: "import.finished", fields: { importId: "i1" } });
    await vi.waitFor(() => expect(imports.received).toHaveLength(2), 10_000);
    // Another subscriber of the page gets the replay.
    const again = follow(reader, upload());
    expect(again.received).toEqual(imports.received);
    const before = catchUps();
    await cut("reader");
    await vi.waitFor(() => expect(catchUps()).toBeGreaterThan(before), 20_000);
    follow(reader, upload("i2"));
    await isJoined(reader, upload("i2"));
    await isJoined(reader, upload());
    await ephemeral.send(upload(), progress(9));
    await vi.waitFor(() => expect(imports.done()).toEqual([1, undefined, 9]), 10_000);
    expect(again.done()).toEqual([1, undefined, 9]);
    await vi.waitFor(() =>
      expect(system.received.map(({ type }) => type)).toEqual(["content.updated"]),
    );
  },
  60_000,
);
