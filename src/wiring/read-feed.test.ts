import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { readFeed } from "./read-feed.ts";

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`;
}

test("a feed with a byte order mark is read without it", async () => {
  const url = await serve((_, response) => response.end("\uFEFF[]"));
  expect(await readFeed(url)).toBe("[]");
});

test("a feed in another encoding than UTF-8 is refused, so that no replaced character is signed", async () => {
  const latin1 = Buffer.from('[{"statement":"Zürich"}]', "latin1");
  const url = await serve((_, response) => response.end(latin1));
  expect(await readFeed(url)).toEqual(new Error("The feed is not UTF-8 text."));
});

test("a feed is read over HTTP", async () => {
  const url = await serve((_, response) => response.end('[{"id":"ä"}]'));
  expect(await readFeed(url)).toBe('[{"id":"ä"}]');
});

test("the feed of the seed needs no network, and its items have an id per hour", async () => {
  const text = await readFeed("built-in:harbour");
  const items = JSON.parse(String(text)) as { id: string }[];
  expect(new Set(items.map(({ id }) => id)).size).toBe(24);
});

test.each<readonly [string, RequestListener, string]>([
  ["an error", (_, response) => response.writeHead(503).end("x"), "answered with status 503"],
  [
    "a redirect",
    (_, response) => response.writeHead(302, { location: "/other" }).end(),
    "cannot be reached",
  ],
  ["too many bytes", (_, response) => response.end("x".repeat(1_000_001)), "more than 1,000,000"],
  ["a connection that breaks off", (request) => request.socket.destroy(), "cannot be reached"],
])("%s is a reason and not an exception", async (_, listener, message) => {
  const result = await readFeed(await serve(listener));
  expect(result).toBeInstanceOf(Error);
  expect(String(result)).toContain(message);
});
