import { expect, type Page } from "@playwright/test";
import { startSite } from "../../scripts/parts/site.ts";
import { searchPath } from "../support/handles.ts";
import { test, watchTraffic } from "./own-site.ts";
import { articlePath, comment, commentWith, expectState } from "./steps.ts";

/** The states a page goes through from now on. */
async function watchStates(page: Page): Promise<() => Promise<readonly string[]>> {
  const seen = await page.evaluateHandle(() => {
    const names: string[] = [];
    new MutationObserver(() => {
      const name = document.querySelector("[data-state-name]")?.getAttribute("data-state-name");
      if (name && names.at(-1) !== name) names.push(name);
    }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-state-name"] });
    return names;
  });
  return () => seen.jsonValue();
}

test("S3.10 a comment appears in the other browser, without a broker and without a socket", async ({
  author,
  reader,
}) => {
  const traffic = watchTraffic(reader);
  const page = await reader.newPage();
  await page.goto(articlePath);
  await author.goto(articlePath);
  for (const each of [page, author]) await expectState(each, "live");
  const said = `Over a stream ${Date.now()}`;
  await comment(author, said);
  await expect(commentWith(page, said)).toBeVisible();
  expect(traffic.sockets).toBe(0);
  expect(traffic.open()).toBe(1);
});

test("T1 seven tabs of one browser share one stream, and none of them waits for a connection", async ({
  author,
  reader,
}) => {
  test.slow(); // nine documents
  const traffic = watchTraffic(reader);
  const tabs: Page[] = [];
  for (let index = 0; index < 7; index += 1) {
    const tab = await reader.newPage();
    await tab.goto(articlePath);
    await expectState(tab, "live");
    tabs.push(tab);
  }
  expect(traffic.open()).toBe(1);
  await author.goto(articlePath);
  await expectState(author, "live");
  const said = `To seven tabs ${Date.now()}`;
  await comment(author, said);
  for (const tab of tabs) {
    await tab.bringToFront();
    await expect(commentWith(tab, said)).toBeVisible();
  }
});

test("E10 a server that is told to end does so with streams open, and pages are live again with the next", async ({
  reader,
  folder,
  site,
}) => {
  const page = await reader.newPage();
  await page.goto(articlePath);
  await expectState(page, "live");
  const states = await watchStates(page);
  await site.stop();
  await expectState(page, "degraded");
  // It was told that its stream ends, looked for another, and only then found nobody there.
  expect(await states()).toEqual(["catching-up", "degraded"]);
  const again = await startSite({
    mode: "production",
    say: () => {},
    log: () => {},
    variables: {
      PATH: searchPath,
      DATA_DIR: folder,
      PORT: site.variables.PORT ?? "",
      TRANSPORT: "sse",
    },
  });
  try {
    await expectState(page, "live", 45_000);
  } finally {
    await again.stop();
  }
});
