import { expect, test } from "vitest";
import { bareListenersIn } from "./listeners.ts";
import { filesIn, readSource } from "./source-files.ts";

test("browser tests wrap asynchronous listeners and routes in untilClosed, so that they end with the page", () => {
  const files = filesIn("tests/e2e").filter((file) => file.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(20);
  const bare = files.flatMap((file) =>
    bareListenersIn(readSource(file)).map((call) => `${file}: ${call}`),
  );
  expect(bare).toEqual([]);
});

test.each([
  'page.on("response", async (response) => { await response.json(); });',
  'page.on("response", (response) => { sizes.push(response.body()); });',
  'context.on("dialog", (dialog) => void dialog.accept());',
  'devTools.on("Fetch.requestPaused", () => { void devTools.send("Fetch.continue"); });',
  'const note = async (response) => response.text(); page.on("response", note);',
  'function note(response) { response.json().then(keep); } page.once("response", note);',
  'await page.route("**/api", (route) => route.abort());',
  'page.waitForResponse("**/api");',
  'const answer = page.waitForResponse("**/api"); await click();',
])("the law finds %j", (source) => {
  expect(bareListenersIn(source)).toHaveLength(1);
});

test.each([
  'page.on("request", (request) => seen.push(request.url()));',
  'page.on("console", (message) => said.push(message.text()));',
  'page.on("websocket", (socket) => socket.on("close", () => { open -= 1; }));',
  'const note = () => { count += 1; }; page.on("close", note);',
  'page.on("response", untilClosed(page, async (response) => { await response.json(); }));',
  'await page.route("**/api", untilClosed(page, (route) => route.abort()));',
  'await page.waitForResponse("**/api");',
  'const sent = page.waitForRequest("**/api"); await click(); const request = await sent;',
  'const sent = page.waitForEvent("download"); await Promise.all([click(), sent]);',
  'const next = () => page.waitForEvent("download");',
])("the law lets %j pass", (source) => {
  expect(bareListenersIn(source)).toEqual([]);
});
