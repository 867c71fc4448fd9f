import { test } from "../../support/browser/e2e.ts";
import { tellChart } from "./chart-story.ts";
import { tellDesk } from "./desk-story.ts";

test("S0.14 members see messages and the analyst's answer while they are written, each by a read", async ({
  browser,
}) => {
  test.slow();
  await tellDesk(browser, false);
});

test("S0.14 over a broker a point of the chart costs each open page a read", async ({
  browser,
  ownerUrl,
}) => {
  test.slow();
  await tellChart(browser, ownerUrl, false);
});
