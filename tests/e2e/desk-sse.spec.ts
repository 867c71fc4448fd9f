import { tellDesk } from "./desk-story.ts";
import { test } from "./own-site.ts";

test("S0.9 S0.14 over streams the same desk is filled by rows, and no page reads its texts again", async ({
  browser,
  site: _site,
}) => {
  test.slow();
  await tellDesk(browser, true);
});
