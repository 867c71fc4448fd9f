import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { type Listener, listen, openSocket } from "../../../tests/support/rigs/page-gate-rig.ts";
import type { PageAnswer } from "./page-gate.ts";

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

/** Asks the last server for a page, with a session, and reads nothing of the answer. */
async function openWithoutReading(path: string): Promise<Socket> {
  const socket = (await openSocket()).pause();
  socket.write(`GET ${path} HTTP/1.1\r\nhost: inkwell\r\ncookie: session=1\r\n\r\n`);
  return socket;
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
