import { expect, test } from "vitest";
import { type Listener, listen, openSocket } from "../../../tests/support/rigs/page-gate-rig.ts";

/** Sends the headers of a request with a body of ten bytes, and so many of them. */
async function openWithBody(sent: string, visitor = "somebody") {
  const socket = await openSocket();
  let text = "";
  socket.on("data", (chunk) => {
    text += String(chunk);
  });
  const head = ["POST / HTTP/1.1", "host: inkwell", `x-visitor: ${visitor}`, "content-length: 10"];
  socket.write(`${head.join("\r\n")}\r\n\r\n${sent}`);
  return { socket, text: () => text };
}

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
  const socket = await openSocket();
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
