import { test } from "./own-site.ts";
import { openCast, tellStory } from "./publication-story.ts";

test("the same story of a publication is live over streams, without a broker", async ({
  browser,
  site,
}) => {
  test.setTimeout(400_000);
  const cast = await openCast(browser);
  await tellStory(cast, site.variables.DATABASE_OWNER_URL ?? "");
  await cast.close();
});
