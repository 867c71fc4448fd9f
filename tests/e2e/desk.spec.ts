import { test } from "../support/e2e.ts";
import { tellDesk } from "./desk-story.ts";

test("S0.14 members see messages and the analyst's answer while they are written, each by a read", async ({
  browser,
}) => {
  test.slow();
  await tellDesk(browser, false);
});
