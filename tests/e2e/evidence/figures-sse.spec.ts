import { test } from "../steps/own-site.ts";
import { tellFigures } from "./figures-story.ts";

test("S0.9 S0.14 over streams a new value of a figure is put into the open charts of those who may read it, and never reaches others", async ({
  browser,
  site: _site,
}) => {
  test.slow();
  await tellFigures(browser, true);
});
