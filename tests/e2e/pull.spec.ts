import { expect } from "@playwright/test";
import { test, watchTraffic } from "./own-site.ts";
import { articlePath, comment, commentWith, expectWritten } from "./steps.ts";

test.use({ transport: "pull" });

test("S2.8 pages work without a socket or stream: they show others' changes when they poll", async ({
  author,
  reader,
  baseURL,
}) => {
  const traffic = watchTraffic(reader);
  const page = await reader.newPage();
  await page.goto(articlePath);
  await author.goto(articlePath);
  const said = `Pulled ${Date.now()}`;
  await expectWritten(await comment(author, said));
  await page.reload();
  await expect(commentWith(page, said)).toBeVisible();
  expect([traffic.sockets, traffic.requests]).toEqual([0, 0]);
  const stream = await reader.request.post(`${baseURL}/api/realtime/stream`, { data: {} });
  expect(stream.status()).toBe(404);
});
