import { test } from "../steps/own-site.ts";
import { openCast } from "./publication-steps.ts";
import { tellStory } from "./publication-story.ts";

test("the same story of a publication is live over streams, without a broker", async ({
  browser,
  site,
}) => {
  test.setTimeout(400_000);
  const cast = await openCast(browser);
  const { DATABASE_OWNER_URL = "", INNGEST_SIGNING_KEY = null } = site.variables;
  await tellStory(cast, DATABASE_OWNER_URL, INNGEST_SIGNING_KEY);
  await cast.close();
});
