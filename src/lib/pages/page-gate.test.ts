import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { AppError } from "../errors/app-error.ts";
import { createFairQueue } from "../fair-queue.ts";
import { createPageCache } from "./page-cache.ts";
import { createPageGate, type PageAnswer } from "./page-gate.ts";
import { takeRequests } from "./take-requests.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

let renders = 0;
/** Writes a page in pieces, as React does, with its nonce in the policy and in the text. */
const page: Listener = (request, response) => {
  renders += 1;
  const nonce = `nonce${renders}==`;
  response.setHeader("content-security-policy", `script-src 'nonce-${nonce}'`);
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.flushHeaders();
  response.write(`<p>${renders} ${request.url} é</p>`);
  response.write(Buffer.from(`<p>${request.headers.cookie ?? "no cookie"}</p>`));
  response.end(`<script nonce="${nonce}"></script>`);
};

async function listen(
  next: Listener,
  {
    full = false,
    concurrency = 8,
    longestWaitMs = 5_000,
    longestReadMs = 5_000,
    bodiesThatWait = 0,
    answers = [] as PageAnswer[],
  } = {},
) {
  const server = createServer(next);
  const gate = createPageGate({
    cache: createPageCache({ hasChanged: async () => false, maxAgeMs: 60_000, checkMs: 60_000 }),
    queue: createFairQueue({
      concurrency,
      concurrencyPerOwner: 2,
      waitingPerOwner: 1,
      waiting: 256,
      longestWaitMs,
    }),
    arrivals: createFairQueue({
      concurrency: 6,
      concurrencyPerOwner: 2,
      waitingPerOwner: bodiesThatWait,
      waiting: bodiesThatWait,
    }),
    sessionCookie: "session",
    admit: async ({ headers }) => {
      if (full) throw new AppError("too_many_requests", "Wait.", { retryAfterS: 7 });
      return String(headers["x-visitor"] ?? "somebody");
    },
    longestReadMs,
    onAnswer: (answer) => answers.push(answer),
    onError: (error) => expect.unreachable(String(error)),
  });
  closers.push(takeRequests(gate));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  openPort = port;
  return (path = "/", headers: Record<string, string> = {}, signal?: AbortSignal) =>
    new Promise<{ status: number; headers: IncomingMessage["headers"]; text: string }>(
      (resolve, reject) => {
        const asked = send({ port, path, signal, headers: { connection: "close", ...headers } });
        asked.once("error", reject);
        asked.once("response", (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.once("end", () => {
            const body = Buffer.concat(chunks);
            const isZipped = answer.headers["content-encoding"] === "gzip";
            const text = (isZipped ? gunzipSync(body) : body).toString();
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
          });
        });
        asked.end();
      },
    );
}

let openPort = 0;
/** Asks the last server for a page, with a session, and reads nothing of the answer. */
async function openWithoutReading(path: string): Promise<Socket> {
  const socket = connect(openPort, "127.0.0.1").pause();
  closers.push(() => socket.destroy());
  await once(socket, "connect");
  socket.write(`GET ${path} HTTP/1.1\r\nhost: inkwell\r\ncookie: session=1\r\n\r\n`);
  return socket;
}

/** Sends the headers of a request with a body of ten bytes, and so many of them. */
async function openWithBody(sent: string, visitor = "somebody") {
  const socket = connect(openPort, "127.0.0.1");
  closers.push(() => socket.destroy());
  let text = "";
  socket.on("data", (chunk) => {
    text += String(chunk);
  });
  await once(socket, "connect");
  const head = ["POST / HTTP/1.1", "host: inkwell", `x-visitor: ${visitor}`, "content-length: 10"];
  socket.write(`${head.join("\r\n")}\r\n\r\n${sent}`);
  return { socket, text: () => text };
}

const withoutNonce = (text: string) => text.replace(/nonce="[^"]*"/, "");

test("a page without an account is rendered once, and each answer has a nonce of its own", async () => {
  const get = await listen(page);
  const before = renders;
  const answers = await Promise.all(Array.from({ length: 20 }, () => get("/one")));
  expect(renders - before).toBe(1);
  expect(new Set(answers.map(({ text }) => withoutNonce(text))).size).toBe(1);
  const nonces = answers.map(({ headers, text }) => {
    const nonce = /'nonce-([^']+)'/.exec(String(headers["content-security-policy"]))?.[1];
    expect(text).toContain(`nonce="${nonce}"`);
    return nonce;
  });
  expect(new Set(nonces).size).toBe(20);
  expect(answers[0]?.text).toContain("é</p><p>theme=system</p>");
});

test("a kept page is sent compressed to a browser that takes gzip, and plain to another", async () => {
  const get = await listen(page);
  const zipped = await get("/", { "accept-encoding": "br, gzip" });
  const plain = await get("/", { "accept-encoding": "gzip;q=0" });
  expect([zipped.headers["content-encoding"], plain.headers["content-encoding"]]).toEqual([
    "gzip",
    undefined,
  ]);
  expect(withoutNonce(zipped.text)).toBe(withoutNonce(plain.text));
  expect(zipped.headers.vary).toMatch(/accept-encoding/i);
});

test.each<[string, Record<string, string>]>([
  ["a session", { cookie: "theme=dark; session=abc" }],
  ["another theme", { cookie: "theme=dark" }],
  ["a request of the router", { rsc: "1" }],
  ["a prefetch", { "next-router-prefetch": "1" }],
  ["a server action", { "next-action": "abc" }],
  ["another host", { host: "evil.example" }],
  ["another host of a proxy", { "x-forwarded-host": "evil.example" }],
  ["a preview", { cookie: "__prerender_bypass=1" }],
])(
  "the kept page is not the answer to %s, and its answer is not kept for others",
  async (_, headers) => {
    const get = await listen(page);
    const kept = withoutNonce((await get()).text);
    expect(withoutNonce((await get("/", headers)).text)).not.toBe(kept);
    expect(withoutNonce((await get()).text)).toBe(kept);
  },
);

test("cookies of a visitor do not reach a page that is kept for others", async () => {
  const get = await listen(page);
  expect((await get("/", { cookie: "tracker=me; theme=dark" })).text).toContain(
    "<p>theme=dark</p>",
  );
});

test.each<[string, Listener]>([
  [
    "sets a cookie",
    (request, response) => {
      response.setHeader("set-cookie", "a=b");
      page(request, response);
    },
  ],
  [
    "is no 200",
    (request, response) => {
      response.statusCode = 404;
      page(request, response);
    },
  ],
  [
    "is no page",
    (_, response) => {
      renders += 1;
      response.writeHead(200, { "content-type": "image/svg+xml" }).end(`<svg>${renders}</svg>`);
    },
  ],
  [
    "is very long",
    (_, response) => {
      renders += 1;
      response.setHeader("content-type", "text/html");
      for (let n = 0; n < 6; n += 1) response.write("x".repeat(1_000_000));
      response.end(`${renders}`);
    },
  ],
])("an answer that %s arrives whole and is not kept", async (_, next) => {
  const get = await listen(next);
  const [first, second] = [await get(), await get()];
  expect(first.text.length).toBeGreaterThan(10);
  expect(second.text).not.toBe(first.text);
  expect(second.status).toBe(first.status);
  expect(second.headers["set-cookie"]).toEqual(first.headers["set-cookie"]);
});

test("beyond a visitor's limit a page is refused before it is rendered; routes and built files pass", async () => {
  const get = await listen(page, { full: true });
  const before = renders;
  const refused = await get();
  expect([refused.status, refused.headers["retry-after"], renders]).toEqual([429, "7", before]);
  expect(refused.text).toContain("Wait some seconds");
  expect((await get("/api/articles")).status).toBe(200);
  expect((await get("/_next/static/a.js")).status).toBe(200);
});

test("a visitor with too many pages waiting is refused, and another one still gets a turn", async () => {
  const held: (() => void)[] = [];
  const get = await listen((request, response) => void held.push(() => page(request, response)), {
    concurrency: 1,
  });
  const flood = { "x-visitor": "flood", cookie: "session=1" };
  const first = get("/1", flood);
  await expect.poll(() => held.length).toBe(1);
  const more = [get("/2", flood), get("/3", flood)];
  // The refusal comes at once, while the other one waits.
  expect((await Promise.race(more)).status).toBe(429);
  const ada = get("/", { "x-visitor": "ada", cookie: "session=2" });
  for (let n = 0; n < 3; n += 1) {
    await expect.poll(() => held.length).toBeGreaterThan(n);
    held[n]?.();
  }
  const statuses = (await Promise.all(more)).map(({ status }) => status).sort();
  expect([(await first).status, ...statuses, (await ada).status]).toEqual([200, 200, 429, 200]);
});

test("each request for a page is counted once, by how it was answered", async () => {
  const answers: PageAnswer[] = [];
  const get = await listen(page, { answers });
  await Promise.all([get("/one"), get("/one"), get("/one"), get("/api/x"), get("/_next/y")]);
  await get("/one", { cookie: "session=1" });
  expect(answers.sort()).toEqual(["cached", "cached", "passed", "passed"]);
});

test("a request for a page beyond the visitor's limit is counted as refused", async () => {
  const answers: PageAnswer[] = [];
  const get = await listen(page, { full: true, answers });
  expect((await get()).status).toBe(429);
  expect(answers).toEqual(["too_many_requests"]);
});

test("a request for a page that waits too long for its turn is answered with 503 and counted", async () => {
  const answers: PageAnswer[] = [];
  const held: (() => void)[] = [];
  const get = await listen((...asked) => void held.push(() => page(...asked)), {
    concurrency: 1,
    longestWaitMs: 50,
    answers,
  });
  const first = get("/1");
  await expect.poll(() => held.length).toBe(1);
  const late = await get("/2", { "x-visitor": "late" });
  held[0]?.();
  expect([(await first).status, late.status]).toEqual([200, 503]);
  expect(answers).toEqual(["passed", "busy"]);
});

test("a page that is still rendered keeps its place, and a reader who does not read loses it", async () => {
  const begun: string[] = [];
  let finish = () => {};
  const next: Listener = (request, response) => {
    begun.push(request.url ?? "");
    if (request.url !== "/slow") return response.end();
    // More than the system takes for a reader who does not read.
    finish = () => void response.writeHead(200).write(Buffer.alloc(60_000_000));
    return undefined;
  };
  const limits = { concurrency: 1, longestReadMs: 20, longestWaitMs: 300 };
  const get = await listen(next, limits);
  const unread = await openWithoutReading("/slow");
  await expect.poll(() => begun).toEqual(["/slow"]);
  // Fifteen times as long as a reader may take.
  expect((await get("/next", { "x-visitor": "bob", cookie: "session=1" })).status).toBe(503);
  finish();
  expect((await get("/next", { "x-visitor": "bob", cookie: "session=1" })).status).toBe(200);
  expect(begun).toEqual(["/slow", "/next"]);
  unread.destroy();
});

test("a browser that goes away while its page is rendered leaves the others theirs", async () => {
  const held: (() => void)[] = [];
  const get = await listen((request, response) => void held.push(() => page(request, response)));
  const leaving = new AbortController();
  const gone = get("/", {}, leaving.signal);
  await expect.poll(() => held.length).toBe(1);
  const other = get("/");
  leaving.abort();
  await expect(gone).rejects.toThrow();
  // The other request is rendered for itself.
  await expect.poll(() => held.length).toBe(2);
  held[1]?.();
  expect((await other).text).toContain("<script nonce=");
});

/** Responds with the body of the request. */
const echo: Listener = async (request, response) => {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  response.end(`<p>${body}</p>`);
};

test("a body that does not arrive takes no turn from others, and is answered when it arrives", async () => {
  const get = await listen(echo, { concurrency: 1 });
  const slow = [await openWithBody(""), await openWithBody("01234", "another")];
  // With the only turn taken this request would wait for it.
  expect((await get("/", { cookie: "session=1" })).status).toBe(200);
  slow[0]?.socket.write("0123456789");
  slow[1]?.socket.write("56789");
  for (const { text } of slow) await expect.poll(text).toContain("<p>0123456789</p>");
});

test("a visitor may have two bodies on the way, and a client that leaves makes room", async () => {
  await listen(echo);
  const first = await openWithBody("0");
  await openWithBody("0");
  const third = await openWithBody("0");
  await expect.poll(third.text).toContain(" 429 ");
  const another = await openWithBody("0123456789", "another");
  await expect.poll(another.text).toContain("<p>0123456789</p>");
  first.socket.destroy();
  await expect
    .poll(async () => {
      const { text } = await openWithBody("0");
      await new Promise((resolve) => setTimeout(resolve, 50));
      return text();
    })
    .toBe("");
});

test("a request that waits for a place is answered when its body arrives, and makes room when its client leaves", async () => {
  await listen(echo, { bodiesThatWait: 2 });
  const first = await openWithBody("0");
  const second = await openWithBody("0");
  const arrived = await openWithBody("01234");
  const gone = await openWithBody("0");
  await new Promise((resolve) => setTimeout(resolve, 50));
  arrived.socket.write("56789");
  gone.socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  first.socket.destroy();
  await expect.poll(arrived.text).toContain("<p>0123456789</p>");
  second.socket.destroy();
  // Both places are free again.
  for (const { text } of [await openWithBody("0123456789"), await openWithBody("0123456789")]) {
    await expect.poll(text).toContain("<p>0123456789</p>");
  }
});

test("a body longer than Node reads at once arrives whole", async () => {
  await listen(echo);
  const socket = connect(openPort, "127.0.0.1");
  closers.push(() => socket.destroy());
  let bytes = 0;
  socket.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  const body = "x".repeat(1_000_000);
  socket.write(`POST / HTTP/1.1\r\nhost: inkwell\r\ncontent-length: ${body.length}\r\n\r\n`);
  for (let at = 0; at < body.length; at += 100_000) {
    socket.write(body.slice(at, at + 100_000));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await expect.poll(() => bytes).toBeGreaterThan(body.length);
});
