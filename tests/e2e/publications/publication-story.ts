import { expect, type Page } from "@playwright/test";
import { openLive, untilQuiet } from "../steps/steps.ts";
import {
  tellInvitations,
  tellLeaving,
  tellPermissions,
  tellRemoval,
  tellRoles,
} from "./publication-members.ts";
import { tellProcess, tellSchedule } from "./publication-process.ts";
import { beside, type Cast, foundPublication } from "./publication-steps.ts";

/**
 * A publication from its first invitation to published articles and the end of two memberships. Each page that shows a
 * change is open before it, and is never loaded again. The pages of another publication read nothing.
 *
 * @param signingKey of a site that runs signed jobs only
 */
export async function tellStory(
  cast: Cast,
  ownerUrl: string,
  signingKey: string | null = null,
): Promise<void> {
  const countReads = await watchElsewhere(cast.outsider);
  const name = `Story ${Date.now()}`;
  const home = await foundPublication(cast.owner, name);
  await tellInvitations(cast, home, name);
  await tellRoles(cast, home);
  await tellProcess(cast, home, ownerUrl);
  const title = await tellPermissions(cast, home, ownerUrl);
  await tellSchedule(cast, home, ownerUrl, title, signingKey);
  await tellRemoval(cast, home, name, ownerUrl);
  await tellLeaving(cast, home, name);
  expect(countReads()).toEqual([]);
}

/** Opens two pages of another publication. Returns the reads of publications since, which are none. */
async function watchElsewhere(outsider: Page): Promise<() => readonly string[]> {
  const home = await foundPublication(outsider, `Elsewhere ${Date.now()}`);
  await openLive(outsider, `${home}/work?show=all`);
  const members = await beside(outsider, `${home}/members`);
  const reads: string[] = [];
  for (const page of [outsider, members]) {
    await untilQuiet(page);
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (/^\/api\/(publications|submissions|invitations)\b/.test(pathname)) reads.push(pathname);
    });
  }
  return () => reads;
}
