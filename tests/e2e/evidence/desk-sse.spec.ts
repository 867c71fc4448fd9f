import { test } from "../steps/own-site.ts";
import { tellChart } from "./chart-story.ts";
import { tellDesk } from "./desk-story.ts";

test("S0.9 S0.14 over streams the same desk is filled by rows, and no page reads its texts again", async ({
  browser,
  site: _site,
}) => {
  test.slow();
  await tellDesk(browser, true);
});

test("S0.14 over streams the points of a chart that the server counts are put into open charts, and a late page starts with them", async ({
  browser,
  site,
}) => {
  test.slow();
  const { DATABASE_OWNER_URL = "", INNGEST_SIGNING_KEY = null } = site.variables;
  await tellChart(browser, DATABASE_OWNER_URL, true, INNGEST_SIGNING_KEY);
});
