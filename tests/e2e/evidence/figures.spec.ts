import { test } from "../../support/browser/e2e.ts";
import { tellFigures } from "./figures-story.ts";

test("S0.14 over a broker a new value of a figure costs the open charts of those who may read it a read, and is not named to others", async ({
  browser,
}) => {
  test.slow();
  await tellFigures(browser, false);
});
