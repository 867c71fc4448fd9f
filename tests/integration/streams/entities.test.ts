import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { createQueryBridge, live, signal } from "querycast";
import { afterEach, expect, test, vi } from "vitest";
import { entityChannels } from "../../support/stacks/entity-server.ts";
import {
  type ChatDatabase,
  createChatDatabase,
  startChatChild,
  startChatProcess,
} from "../../support/stacks/entity-stack.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start() {
  const database = await createChatDatabase();
  closers.push(database.close);
  return { database, server: await startServer(database) };
}

async function startServer(database: ChatDatabase) {
  const server = await startChatProcess(database);
  closers.push(server.close);
  await vi.waitFor(() => expect(server.relay.health().state).toBe("leading"), 10_000);
  return server;
}

type Server = Awaited<ReturnType<typeof startServer>>;

const isLive = (page: { state(): string | undefined }) =>
  vi.waitFor(() => expect(page.state()).toBe("live"), 10_000);

test("S0.1 contents are stored first, and neither the log nor a notification contains them", async () => {
  const { database } = await start();
  const payloads: string[] = [];
  const { unlisten } = await database.owner.listen("querycast", (payload) =>
    payloads.push(payload),
  );
  const [id] = await database.say("a", ["a text that nobody may find"]);
  const rows = await database.owner`select to_jsonb(signals)::text as row from querycast.signals`;
  expect(rows).toHaveLength(1);
  expect(rows[0]?.row).toContain(id);
  expect(rows[0]?.row).not.toContain("text that nobody");
  await database.owner`select pg_notify('querycast', '')`;
  await vi.waitFor(() => expect(payloads.length).toBeGreaterThan(0), 10_000);
  expect(new Set(payloads)).toEqual(new Set([""]));
  await unlisten();
});

test.each([205, 5_000])(
  "S0.2 S0.9 %i contents of one transaction all appear in an open page, without a fetch",
  async (count) => {
    const { database, server } = await start();
    const page = server.page("a");
    await isLive(page);
    const before = page.fetches();
    const texts = Array.from({ length: count }, (_, n) => `text ${n}`);
    await database.say("a", texts);
    await vi.waitFor(() => expect(page.texts()).toHaveLength(count), 20_000);
    expect(page.texts()).toEqual(texts);
    expect(page.fetches()).toBe(before);
    expect(server.errors).toEqual([]);
  },
);

test("S0.3 S0.4 50 pages see each content by one SELECT, and a changed content in its place", async () => {
  const { database, server } = await start();
  const pages = Array.from({ length: 50 }, () => server.page("a"));
  for (const page of pages) await isLive(page);
  const fetches = pages.map((page) => page.fetches());
  const [first] = await database.say("a", ["one"]);
  await database.say("a", ["two"]);
  for (const page of pages) {
    await vi.waitFor(() => expect(page.texts()).toEqual(["one", "two"]), 10_000);
  }
  await database.edit("a", first ?? "", "one, changed");
  for (const page of pages) {
    await vi.waitFor(() => expect(page.texts()).toEqual(["one, changed", "two"]), 10_000);
  }
  expect(pages.map((page) => page.fetches())).toEqual(fetches);
  // One or two for the first transactions, and one for the change.
  expect(server.selects.length).toBeLessThanOrEqual(3);
});

/** A stream without a page. Closed after the test, at the latest. */
async function openStream(server: Server, body: object) {
  const response = await fetch(server.streamsUrl, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "reader" },
    body: JSON.stringify(body),
  });
  const reader = response.body?.getReader();
  let received = "";
  const reading = (async () => {
    const decoder = new TextDecoder();
    for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
      received += decoder.decode(read.value, { stream: true });
    }
  })().catch(() => {});
  const close = async () => {
    await reader?.cancel().catch(() => {});
    await reading;
  };
  closers.push(close);
  await vi.waitFor(() => expect(received).toContain("event: subscribed"), 20_000);
  return { received: () => received, close };
}

test.each([1, 50, 500])(
  "S0.4 each flush is one SELECT with %i viewers, and one frame for each of them",
  async (count) => {
    const { database, server } = await start();
    const wireName = "private-chat.a.e0";
    const open = async (n: number) => {
      const socketId = `${Date.now()}.${n + 1}`;
      const auth = await server.hub.signJoin(socketId, wireName, { id: "reader" });
      return openStream(server, { v: 1, socketId, channels: [{ wireName, auth }] });
    };
    const streams = await Promise.all(Array.from({ length: count }, (_, n) => open(n)));
    const texts = Array.from({ length: 20 }, (_, n) => `text ${n}.`);
    for (const text of texts) await database.say("a", [text]);
    for (const { received } of streams) {
      await vi.waitFor(() => expect(received()).toContain(texts.at(-1)), 20_000);
    }
    const ids = server.selects.flat();
    expect(ids).toHaveLength(texts.length);
    expect(new Set(ids).size).toBe(texts.length);
    const frames = streams.map(({ received }) => received().split("event: upsert").length - 1);
    expect(frames).toEqual(streams.map(() => server.selects.length));
  },
  60_000,
);

test("S0.15 a write costs the same statements with 50 pages as with none", async () => {
  const { database, server } = await start();
  // The first one connects.
  await database.say("a", ["zero"]);
  const signals = async () =>
    (await database.owner`select count(*)::int as n from querycast.signals`)[0]?.n as number;
  const cost = async (text: string) => {
    const [statements, before] = [database.statements.length, await signals()];
    await database.say("a", [text]);
    const rows = (await signals()) - before;
    return { statements: database.statements.slice(statements), rows };
  };
  const alone = await cost("one");
  const pages = Array.from({ length: 50 }, () => server.page("a"));
  for (const page of pages) await isLive(page);
  expect(await cost("two")).toEqual(alone);
  expect(alone).toMatchObject({ rows: 1 });
  for (const page of pages) {
    await vi.waitFor(() => expect(page.texts()).toEqual(["zero", "one", "two"]), 10_000);
  }
});

test("S0.5 pages receive their chat alone, and a row of another chat is not read for them", async () => {
  const { database, server } = await start();
  const [a, b] = [server.page("a"), server.page("b")];
  const forbidden = server.page("secret");
  await isLive(a);
  await isLive(b);
  await vi.waitFor(() => expect(forbidden.state()).toBe("denied"), 10_000);
  await database.say("a", ["for a"]);
  await database.say("secret", ["hidden"]);
  await vi.waitFor(() => expect(a.texts()).toEqual(["for a"]), 10_000);
  expect(b.texts()).toEqual([]);
  expect(forbidden.texts() ?? []).toEqual([]);

  // A faulty writer announces a content of another chat: row-level security of the chat's role refuses it.
  const before = a.fetches();
  await database.say("secret", ["hidden too"], "a");
  await vi.waitFor(() => expect(a.fetches()).toBe(before + 1), 10_000);
  expect(a.texts()).toEqual(["for a"]);
});

test("a page that opens while contents are written misses none", async () => {
  const { database, server } = await start();
  const texts = Array.from({ length: 60 }, (_, n) => `text ${n}`);
  const pages: ReturnType<typeof server.page>[] = [];
  for (const text of texts) {
    await database.say("a", [text]);
    if (pages.length < 10) pages.push(server.page("a"));
  }
  for (const page of pages) {
    await vi.waitFor(() => expect(page.texts()?.toSorted()).toEqual(texts.toSorted()), 10_000);
  }
});

test("S0.10 five changes without data cost one read of their channel's query, and the next one repairs a lost one", async () => {
  const { database, server } = await start();
  const page = server.page("a");
  await isLive(page);
  const org = entityChannels.org({ orgId: "o" });
  await database.owner`create table members (name text)`;
  const join = (names: readonly string[], isPublished = true) =>
    database.owner.begin(async (tx) => {
      for (const name of names) {
        await tx`insert into members values (${name})`;
        if (isPublished) await database.log.append(tx as never, [signal(org, "org.changed")]);
      }
    });
  let reads = 0;
  const queryClient = new QueryClient();
  const bridge = createQueryBridge({ client: page.client, queryClient });
  const query = live(
    {
      queryKey: ["members"],
      queryFn: async () => {
        reads += 1;
        const rows = await database.owner`select name from members order by name`;
        return rows.map(({ name }) => String(name));
      },
    },
    [org],
  );
  const detach = bridge.attach();
  const unmount = new QueryObserver(queryClient, query).subscribe(() => {});
  closers.push(() => queryClient.clear(), detach, unmount);
  const shown = () => queryClient.getQueryData<readonly string[]>(query.queryKey);
  await vi.waitFor(
    () => expect(bridge.liveState(JSON.stringify(query.queryKey)).status).toBe("live"),
    10_000,
  );
  const before = { reads, ofContents: page.fetches() };

  await join(["a", "b", "c", "d", "e"]);
  await vi.waitFor(() => expect(shown()).toEqual(["a", "b", "c", "d", "e"]), 10_000);
  expect(reads).toBe(before.reads + 1);
  await join(["f"], false);
  await join(["g"]);
  await vi.waitFor(() => expect(shown()).toEqual(["a", "b", "c", "d", "e", "f", "g"]), 10_000);
  expect(reads).toBe(before.reads + 2);
  expect(page.fetches()).toBe(before.ofContents);
});

test("S0.16 a stream that keeps its old names receives nothing that was written after the end of its right", async () => {
  const { database, server } = await start();
  const rounds = 50;
  const socketId = `${Date.now()}.1`;
  const hostile = { id: "reader" };
  const wireNames = Array.from({ length: rounds }, (_, n) => `private-chat.${n}.e0`);
  const channels = await Promise.all(
    wireNames.map(async (wireName) => ({
      wireName,
      auth: await server.hub.signJoin(socketId, wireName, hostile),
    })),
  );
  const { received, close } = await openStream(server, { v: 1, socketId, channels });
  for (let n = 0; n < rounds; n += 1) {
    const chatId = String(n);
    const [id = ""] = await database.say(chatId, [`before the end of ${n}`]);
    // At any time of the 16 ms in which the hub collects ids, and of its read.
    await new Promise((resolve) => setTimeout(resolve, (n * 40) / rounds));
    await database.writer.begin(async (tx) => {
      await database.log.bumpAccessEpoch(tx as never, entityChannels.chat({ chatId }));
      await tx`update contents set text = 'after the end', version = 2 where id = ${id}`;
    });
  }
  await vi.waitFor(
    () => expect(received().split("querycast.moved")).toHaveLength(rounds + 1),
    10_000,
  );
  expect(received()).toContain("before the end");
  expect(received()).not.toContain("after the end");
  await close();
});

test("V3 S0.16 a row that arrived during a read is not shown after the end of the right", async () => {
  const { database, server } = await start();
  let isSlow = false;
  let endReads = () => {};
  const untilThen = new Promise<void>((resolve) => {
    endReads = resolve;
  });
  const page = server.page("a", "reader", {
    beforeRead: async () => (isSlow ? untilThen : undefined),
  });
  await isLive(page);
  await database.say("a", ["before the end"]);
  await vi.waitFor(() => expect(page.texts()).toEqual(["before the end"]), 10_000);
  isSlow = true;
  void page.read();
  await database.say("a", ["during the read"]);
  await vi.waitFor(() => expect(page.received()).toContain("during the read"), 10_000);
  await database.ban("a", "reader");
  await database.writer.begin((tx) =>
    database.log.bumpAccessEpoch(tx as never, entityChannels.chat({ chatId: "a" })),
  );
  await vi.waitFor(() => expect(page.state()).toBe("denied"), 10_000);
  expect(page.texts()).toBeUndefined();
  const shown = page.shown();
  endReads();
  await vi.waitFor(() => expect(page.texts()).toEqual([]), 10_000);
  expect([...shown]).toEqual([]);
});

test("S0.13 two server processes each serve their own viewers from one write, each by one SELECT", async () => {
  const database = await createChatDatabase();
  closers.push(database.close);
  const servers = await Promise.all([startChatChild(database), startChatChild(database)]);
  for (const { close } of servers) closers.push(close);
  expect(new Set([process.pid, ...servers.map(({ pid }) => pid)]).size).toBe(3);
  const pages = servers.flatMap(({ page }) => [page("a"), page("a")]);
  for (const page of pages) await isLive(page);
  const fetches = pages.map((page) => page.fetches());
  const ids = await database.say("a", ["for all"]);
  for (const page of pages) {
    await vi.waitFor(() => expect(page.texts()).toEqual(["for all"]), 10_000);
  }
  expect(pages.map((page) => page.fetches())).toEqual(fetches);
  for (const { selects } of servers) expect(await selects()).toEqual([ids]);
});
