import { randomUUID } from "node:crypto";
import { type ChannelRef, channel, defineChannels, type RealtimeReport } from "querycast";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { foundPublication } from "../../support/rigs/publications-rig.ts";
import { isIn, memberOf } from "../../support/rigs/rollout-rig.ts";
import { insertRows, viewers } from "../../support/rows/rls-rows.ts";
import { createSiteStreams, type SiteStreams } from "../../support/site/site-streams.ts";

const { ann, ben } = viewers;
let site: SiteDatabase;
let streams: SiteStreams;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  // The rows include settings and bans.
  for (const table of ["phase_settings", "channel_settings", "channel_bans", "user_bans"]) {
    await site.owner`delete from ${site.owner(table)}`;
  }
  streams = await createSiteStreams(site);
});
afterAll(async () => {
  await streams?.close();
  await site?.close();
});

const own = channels.user({ userId: ann.userId }).name;
const foreign = channels.user({ userId: ben.userId }).name;
/** An unknown kind, an unknown name, and declared kinds with ids that the contract refuses. */
const undeclared = ["galaxy.1", "everything", "user.*", "tag.no-uuid", "resource.planet.1"];

const requests = {
  join: (names: readonly string[]) => ({ type: "join", socketId: "1.1", channels: names }),
  "catch-up": (names: readonly string[]) => ({
    type: "catch-up",
    channels: names.map((each) => ({ channel: each, cursor: null })),
  }),
} as const;

test.each(["join", "catch-up"] as const)(
  "S1.4 a %s over HTTP is refused as invalid with 400 for a name that no contract declares, and as denied with 403 for a declared one",
  async (type) => {
    const ask = async (...names: readonly string[]) => {
      const response = await streams.post("route", memberOf(ann), requests[type](names));
      const { results } = (await response.json()) as { results: { status: string }[] };
      expect(response.headers.get("content-type")).toContain("application/json");
      return [response.status, ...results.map(({ status }) => status)];
    };
    for (const name of undeclared) expect(await ask(name)).toEqual([400, "invalid"]);
    expect(await ask(...undeclared)).toEqual([400, ...undeclared.map(() => "invalid")]);
    expect(await ask(foreign)).toEqual([403, "denied"]);
    // Whether a channel exists is not in the answer: only what the contract says.
    expect(await ask(channels.user({ userId: randomUUID() }).name)).toEqual([403, "denied"]);
    expect(await ask("galaxy.1", foreign)).toEqual([403, "invalid", "denied"]);
    const [status, ...statuses] = await ask("galaxy.1", own, foreign);
    expect([status, statuses[0], statuses[2]]).toEqual([200, "invalid", "denied"]);
    expect(["joined", "gap"]).toContain(statuses[1]);
  },
);

test("S1.4 a stream begins with `connected`, and carries only the requested channels", async () => {
  const { publicationId, roleId, submit } = await foundPublication(site, ben);
  const team = channels.team({ publicationId }).name;
  const stream = await streams.openHostile(memberOf(ben), [team]);
  await submit(ben); // a signal on the channel of the desk, and on ben's own
  const role = await roleId("Writer");
  await site.owner`update publication_roles set name = 'Columnist' where id = ${role}`;
  await vi.waitFor(() => expect(stream.signals()).not.toEqual([]), 10_000);
  expect(stream.events.map(({ event }) => event).slice(0, 2)).toEqual(["connected", "subscribed"]);
  expect(stream.signals()).toEqual([[`private-${team}.e0`, "role.updated"]]);
});

test("S1.4 a page of another release that names an unknown channel keeps its data, is not live there, and stays live elsewhere", async () => {
  const reports: RealtimeReport[] = [];
  const purged: string[] = [];
  const other = defineChannels({
    galaxy: channel("galaxy.{galaxyId}").signal("star.born"),
    user: channel("user.{userId}").signal("session.started"),
  });
  const page = streams.openBrowser(memberOf(ann), {
    channels: other,
    onReport: (report) => reports.push(report),
  });
  page.observe({ signal: () => {}, gap: () => {}, revoked: (name) => purged.push(name) });
  const received: string[] = [];
  const follow = (ref: ChannelRef) =>
    page.subscribe(ref, { signal: ({ name }) => received.push(name), gap: () => {} });
  follow(other.galaxy({ galaxyId: "1" }));
  follow(other.user({ userId: ann.userId }));
  await isIn(page, "live");
  expect(page.channelState("galaxy.1")).toEqual({ status: "off" });
  expect(page.channelState(own)).toEqual({ status: "live" });
  await site.owner`insert into sessions (user_id, expires_at)
    values (${ann.userId}, now() + interval '1 day')`;
  await vi.waitFor(() => expect(received).toEqual(["session.started"]), 10_000);
  expect(reports).toEqual([{ type: "invalid", channel: "galaxy.1" }]);
  expect(purged).toEqual([]);
});
