import { text } from "node:stream/consumers";
import { expect } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { flood, openRequest } from "../../support/hostile/endless-body.ts";
import { articlePath, comment, expectWritten, openAs, openLive } from "../steps/steps.ts";

const form = "content-type: multipart/form-data; boundary=x";
const action = `next-action: ${"40".padEnd(42, "0")}`;
const targets: readonly (readonly [string, string, readonly string[]])[] = [
  ["a page", "/", []],
  ["a form of a page", "/sign-in", [form]],
  ["an action", articlePath, [action, "content-type: text/plain;charset=UTF-8"]],
  ["an action with a form", articlePath, [action, form]],
  ["an unknown page", "/no-such-page", []],
  ["an unknown file", "/_next/static/no-such-file.js", []],
  ["a route", "/api/preview", []],
  ["an unknown route", "/api/no-such-route", []],
];

for (const [what, path, headers] of targets) {
  test(`the site ends the connection of an endless body to ${what}`, async ({ baseURL }) => {
    const { hostname: host, port } = new URL(baseURL ?? "");
    const open = (length: string) =>
      openRequest({ host, port: Number(port), path, headers: [...headers, length] });
    const socket = await open("transfer-encoding: chunked");
    const reply = text(socket).catch(() => "");
    const sent = await flood(socket, 100_000_000);
    socket.destroy();
    // The buffers of both sockets and what the site has read, not 100 MB.
    expect(sent).toBeLessThan(30_000_000);
    expect(await reply).not.toMatch(/^HTTP\/1\.1 (200|5\d\d) /);

    const declared = await open("content-length: 300000000");
    expect(await text(declared)).toMatch(/^HTTP\/1\.1 413 /);
  });
}

test("bodies that do not arrive, from many addresses, hold no turn of a page", async ({
  baseURL,
  browser,
}) => {
  const { hostname: host, port } = new URL(baseURL ?? "");
  const sockets = await Promise.all(
    Array.from({ length: 16 }, (_, n) =>
      openRequest({
        host,
        port: Number(port),
        path: articlePath,
        headers: [action, form, "content-length: 1000", `x-forwarded-for: 198.51.100.${n >> 1}`],
      }),
    ),
  );
  const reader = await openAs(browser, "reader");
  const answers = Array.from({ length: 3 }, () => reader.request.get(articlePath));
  for (const answer of await Promise.all(answers)) expect(answer.status()).toBe(200);
  for (const socket of sockets) {
    expect(socket.readyState).toBe("open"); // They wait still.
    socket.destroy();
  }
});

test("an action refuses a body of more than 1 MiB with 413, and takes its own", async ({
  browser,
}) => {
  const reader = await openAs(browser, "reader");
  await openLive(reader, articlePath);
  const sent = reader.waitForRequest((request) => "next-action" in request.headers());
  await expectWritten(await comment(reader, `Small enough ${Date.now()}`));
  const written = await sent;
  const post = async (data: string) =>
    (await reader.request.post(written.url(), { headers: written.headers(), data })).status();
  expect(await post(written.postData() ?? "")).toBe(200);
  expect(await post("x".repeat(1_048_577))).toBe(413);
});
