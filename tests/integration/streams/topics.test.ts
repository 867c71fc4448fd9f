import { signal } from "querycast";
import { afterEach, expect, test, vi } from "vitest";
import { entityChannels } from "../../support/stacks/entity-server.ts";
import { createChatDatabase, startChatProcess } from "../../support/stacks/entity-stack.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const { chart, chat, org, user } = entityChannels;
const waitMs = 10_000;

async function start() {
  const database = await createChatDatabase();
  closers.push(database.close);
  const server = await startChatProcess(database);
  closers.push(server.close);
  await vi.waitFor(() => expect(server.relay.health().state).toBe("leading"), waitMs);
  return { database, server };
}

type Server = Awaited<ReturnType<typeof start>>["server"];
type Topic = Parameters<ReturnType<Server["page"]>["client"]["subscribe"]>[0] & {
  readonly name: string;
};

/** Subscribes a page to further topics. Returns the names of the signals that arrive. */
function listen({ client }: ReturnType<Server["page"]>, ...topics: readonly Topic[]) {
  const received: string[] = [];
  const leaves = topics.map((topic) =>
    client.subscribe(topic, { signal: ({ name }) => received.push(name), gap: () => {} }),
  );
  /** Waits until these names have arrived and no others, in any order. */
  const areHeard = (...names: readonly string[]) =>
    vi.waitFor(() => expect(received.toSorted()).toEqual(names), waitMs);
  const are = (status: string) =>
    vi.waitFor(() => {
      for (const { name } of topics) expect(client.channelState(name).status).toBe(status);
    }, waitMs);
  const leave = () => {
    for (const each of leaves) each();
  };
  return { received, are, areHeard, leave };
}

test("S0.6 one stream carries org, user, chat and chart, each authorised on connect and again on a reconnect", async () => {
  const { database, server } = await start();
  const page = server.page("a");
  const others = listen(
    page,
    org({ orgId: "o" }),
    user({ userId: "reader" }),
    chart({ chartId: "c" }),
  );
  const forbidden = listen(page, user({ userId: "owner" }), chat({ chatId: "secret" }));
  const topics = ["chart.c", "chat.a", "org.o", "user.reader"];
  const speak = async (text: string) => {
    await database.say("secret", [`${text} in secret`]);
    await database.say("a", [text]);
    await database.plot("c", [`${text} on the chart`]);
    await database.publish(
      signal(user({ userId: "owner" }), "user.notified"),
      signal(user({ userId: "reader" }), "user.notified"),
      signal(org({ orgId: "o" }), "org.changed"),
    );
  };
  await others.are("live");
  await forbidden.are("denied");
  await vi.waitFor(() => expect(page.state()).toBe("live"), waitMs);
  expect(server.hub.size()).toEqual({ streams: 1, subscriptions: topics.length });
  expect(new Set(server.decisions.splice(0))).toEqual(
    new Set([...topics, "chat.secret", "user.owner"]),
  );

  await speak("first");
  await others.areHeard("chart.point", "org.changed", "user.notified");
  expect(page.texts()).toEqual(["first"]);
  expect(page.received()).toContain("first on the chart");

  // The right to the chat ends without a notice to the stream, so only the decision at the reconnect can refuse it.
  await database.ban("a", "reader");
  await server.hub.terminate("reader");
  await vi.waitFor(() => expect(page.client.channelState("chat.a").status).toBe("denied"), waitMs);
  await others.are("live");
  expect(server.hub.size()).toEqual({ streams: 1, subscriptions: topics.length - 1 });
  expect(new Set(server.decisions)).toEqual(new Set(topics));
  others.received.splice(0);
  await speak("second");
  await others.areHeard("chart.point", "org.changed", "user.notified");
  expect(page.received()).toContain("second on the chart");
  expect(page.received()).not.toMatch(/secret|private-user\.owner|"second"/);
  expect(forbidden.received).toEqual([]);
});

test("S0.6 forbidden and missing topics are refused alike, and names outside the contract as invalid, at the route and by the stream", async () => {
  const { database, server } = await start();
  await database.say("secret", ["hidden"]);
  const socketId = `${Date.now()}.1`;
  const headers = { "content-type": "application/json", authorization: "reader" };
  const statuses: Readonly<Record<string, string>> = {
    "chat.secret": "denied",
    "chat.secret-missing": "denied",
    "user.owner": "denied",
    "user.missing": "denied",
    "other.1": "invalid",
    x: "invalid",
  };
  const names = Object.keys(statuses);
  const post = (url: string, body: object) =>
    fetch(url, { method: "POST", headers, body: JSON.stringify({ v: 1, socketId, ...body }) });
  const join = async (...channels: readonly string[]) => {
    const answer = await post(server.routeUrl, { type: "join", channels });
    return (await answer.json()) as { results: readonly Record<string, unknown>[] };
  };
  const { results } = await join("chat.a", ...names);
  const [allowed, ...refused] = results;
  expect(allowed).toMatchObject({ channel: "chat.a", status: "joined" });
  expect(refused).toEqual(names.map((channel) => ({ channel, status: statuses[channel] })));
  for (const name of names) {
    const [alone] = (await join(name)).results;
    expect(alone).toEqual({ channel: name, status: statuses[name] });
  }

  // The signature of another topic opens none of them.
  const { wireName, auth } = allowed as { wireName: string; auth: string };
  const forged = names.map((name) => ({ wireName: `private-${name}.e0`, auth }));
  const response = await post(server.streamsUrl, { channels: [{ wireName, auth }, ...forged] });
  let received = "";
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? [])
      received += decoder.decode(chunk, { stream: true });
  })().catch(() => {});
  await vi.waitFor(() => expect(received).toContain("event: refused"), waitMs);
  expect(received).toContain(`event: subscribed\ndata: ${JSON.stringify([wireName])}\n`);
  expect(received).toContain(JSON.stringify(forged.map((each) => each.wireName)));
  await database.say("secret", ["hidden"]);
  await database.publish(signal(user({ userId: "owner" }), "user.notified"));
  await database.say("a", ["last"]);
  await vi.waitFor(() => expect(received).toContain("last"), waitMs);
  expect(received).not.toMatch(/hidden|user\.notified/);
  await response.body?.cancel().catch(() => {});
  server.hub.close();
  await reading;
});

test("S0.8 topics added in a tick cost one stream with the full list in any order, and rows written at the same time arrive", async () => {
  const { database, server } = await start();
  const [page, other] = [server.page("a"), server.page("a")];
  for (const each of [page, other])
    await vi.waitFor(() => expect(each.state()).toBe("live"), waitMs);
  const opened = page.streams.length;
  const before = page.streams.at(-1) ?? [];
  expect(before).toEqual(["private-chat.a.e0"]);
  const added = [org({ orgId: "o" }), user({ userId: "reader" }), chart({ chartId: "c" })];

  const written: string[] = [];
  let isWriting = true;
  const writing = (async () => {
    while (isWriting) {
      const text = `text ${written.length}`;
      written.push(text);
      await database.say("a", [text]);
    }
  })();
  const [one, two] = [listen(page, ...added), listen(other, ...added.toReversed())];
  await one.are("live");
  await two.are("live");
  isWriting = false;
  await writing;
  const list = [
    "private-chart.c.e0",
    "private-chat.a.e0",
    "private-org.o.e0",
    "private-user.reader.e0",
  ];
  for (const each of [page, other]) {
    expect(each.streams.map((names) => names.length).slice(opened)).toEqual([list.length]);
    expect(each.streams.at(-1)?.toSorted()).toEqual(list);
    await vi.waitFor(() => expect(each.texts()?.toSorted()).toEqual(written.toSorted()), waitMs);
  }

  // The same topics in another order are no change.
  const again = [...added.toReversed(), chat({ chatId: "a" })].map((topic) =>
    page.client.subscribe(topic, { signal: () => {}, gap: () => {} }),
  );
  for (const leave of again) leave();
  await database.say("a", ["after it"]);
  await vi.waitFor(() => expect(page.texts()).toContain("after it"), waitMs);
  expect(page.streams).toHaveLength(opened + 1);
});

test("S0.16 a removed topic costs no stream, what still comes for it is dropped, and the next stream is without it", async () => {
  const { database, server } = await start();
  const page = server.page("a");
  const plotted = listen(page, chart({ chartId: "c" }));
  await plotted.are("live");
  await vi.waitFor(() => expect(page.state()).toBe("live"), waitMs);
  await database.plot("c", ["first"]);
  await plotted.areHeard("chart.point");

  plotted.leave();
  await vi.waitFor(
    () => expect(page.client.channelState("chart.c").status).not.toBe("live"),
    waitMs,
  );
  const opened = page.streams.length;
  plotted.received.splice(0);
  const events: string[] = [];
  const note = (name: string) => events.push(name);
  page.client.observe({ signal: note, gap: note, revoked: note });
  await database.plot("c", ["second"]);
  await database.say("a", ["after it"]);
  await vi.waitFor(() => expect(page.texts()).toContain("after it"), waitMs);
  await vi.waitFor(() => expect(page.received()).toContain("second"), waitMs);
  expect(plotted.received).toEqual([]);
  expect(new Set(events)).toEqual(new Set(["chat.a"]));
  expect(page.streams).toHaveLength(opened);
  expect(page.streams.at(-1)?.toSorted()).toEqual(["private-chart.c.e0", "private-chat.a.e0"]);

  listen(page, org({ orgId: "o" }));
  await vi.waitFor(() => expect(page.streams).toHaveLength(opened + 1), waitMs);
  expect(page.streams.at(-1)?.toSorted()).toEqual(["private-chat.a.e0", "private-org.o.e0"]);
  await vi.waitFor(
    () => expect(server.hub.size()).toEqual({ streams: 1, subscriptions: 2 }),
    waitMs,
  );
});
