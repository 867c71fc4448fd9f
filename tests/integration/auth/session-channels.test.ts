import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { endExpiredSessions } from "@/auth/session/end-expired-sessions.ts";
import { revokeSession } from "@/auth/session/revoke-session.ts";
import { channels, type Kind, kinds } from "@/channels/index.ts";
import { endSessions } from "@/features/admin/people/end-sessions.ts";
import { clearances } from "@/lib/evidence/observation.ts";
import {
  createRolloutRig,
  follow,
  isIn,
  memberOf,
  type RolloutRig,
  received,
} from "../../support/rigs/rollout-rig.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";

/** The channels that move when a session ends, derived from the contract and the rules of the site. */

const { ann, ben, kay } = viewers;
const stranger = { id: randomUUID(), role: "reader" } as const;

let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig();
  // Ann reads everything that a person can: as an admin, and with every permission of a member.
  await rig.site.owner`update users set role = 'admin' where id = ${ann.userId}`;
  await rig.site.owner`
    insert into publication_member_roles (publication_id, user_id, role_id)
    values (${idOf("paper")}, ${ann.userId}, ${idOf("owner role")})`;
});
beforeEach(() => rig.clear());
afterAll(() => rig.close());

/** Rows of the tests for each parameter of the channel kinds. */
const values: Readonly<Record<string, readonly string[]>> = {
  userId: [ann.userId],
  resourceType: ["article", "gist"],
  resourceId: ["article", "draft", "gist", "private gist"].map(idOf),
  articleId: [idOf("draft")],
  tagId: [idOf("tag")],
  publicationId: [idOf("paper")],
  clearance: clearances,
  submissionId: [idOf("submission")],
  importId: [idOf("import")],
};

/** The names of a kind's channels with every combination of these values. */
function namesOf(kind: Kind): readonly string[] {
  let names = [kinds[kind].pattern as string];
  for (const [placeholder, param = ""] of kinds[kind].pattern.matchAll(/\{(\w+)\}/g)) {
    const known = values[param];
    if (known === undefined) throw new TypeError(`Add values of the parameter ${param} above.`);
    names = names.flatMap((name) => known.map((value) => name.replace(placeholder, value)));
  }
  return names;
}

/** Ann's channels, by whether a signed-in stranger can join them. */
async function channelsOfAnn() {
  const hidden: string[] = [];
  const open: string[] = [];
  for (const kind of Object.keys(kinds) as Kind[]) {
    const names = namesOf(kind);
    const own = await rig.join({ id: ann.userId, role: "admin" }, ...names);
    const others = await rig.join(stranger, ...names);
    const joined = names.filter((_, index) => own[index] === "joined");
    expect(joined, `channels of the kind ${kind} that ann can join`).not.toEqual([]);
    for (const name of joined) {
      (others[names.indexOf(name)] === "joined" ? open : hidden).push(name);
    }
  }
  return { hidden, open };
}

async function newSession(userId: string): Promise<string> {
  const id = randomUUID();
  await rig.site.owner`
    insert into sessions (id, user_id, expires_at) values (${id}, ${userId}, now() + interval '1 day')`;
  return id;
}
const expire = async (...sessionIds: readonly string[]) => {
  await rig.site.owner`update sessions set expires_at = now() where id = any(${sessionIds})`;
  await endExpiredSessions(rig.site);
};
const movedChannels = async () =>
  (await rig.site.newSignals())
    .filter(({ name }) => name === "querycast.moved")
    .map(({ channel }) => channel)
    .sort();

test.each([
  [
    "its person ends it",
    (sessionId: string) => revokeSession(rig.site, { ...ann, role: "admin" }, sessionId),
  ],
  [
    "an admin ends it",
    () => rig.site.contexts.write(kay)((ctx) => endSessions(ctx, { userId: ann.userId })),
  ],
  ["it expires", expire],
] as const)(
  "S3.9 a session moves every channel that its person can join and a stranger cannot, of every kind in the contract, and no other one, when %s",
  async (_, end) => {
    const { hidden, open } = await channelsOfAnn();
    // As the route records it, for previews.
    for (const channel of [...hidden, ...open]) {
      await rig.site.owner`insert into channel_joins (channel, user_id)
        values (${channel}, ${ann.userId}) on conflict do nothing`;
    }
    const sessionId = await newSession(ann.userId);
    await movedChannels();
    await end(sessionId);
    const moved = await movedChannels();
    expect(hidden.filter((name) => !moved.includes(name))).toEqual([]);
    expect(open.filter((name) => moved.includes(name))).toEqual([]);
  },
);

test("sessions of several members that expire together move each channel once", async () => {
  await expire(...(await Promise.all([ann, ann, ben].map(({ userId }) => newSession(userId)))));
  await movedChannels();
  await expire(...(await Promise.all([ann, ann, ben].map(({ userId }) => newSession(userId)))));
  const moved = await movedChannels();
  expect(moved).toContain(`team.${idOf("paper")}`);
  expect(moved).toEqual([...new Set(moved)]);
});

test("S3.9 after a session of a member ended, a socket that keeps its signatures receives nothing of the publication, and other members do", async () => {
  const publicationId = idOf("paper");
  const roleId = idOf("writer role");
  const teamOf = channels.team({ publicationId });
  const sessionId = await newSession(ann.userId);
  const stolen = await rig.eavesdrop(
    (["team", "desk", "chat", "chart"] as const).map(
      (kind) => channels[kind]({ publicationId }).name,
    ),
  );
  const { client } = await rig.openBrowser(memberOf(ben));
  const kept = follow(client, teamOf);
  await isIn(client, "live");
  const rename = (name: string) =>
    rig.site.owner`update publication_roles set name = ${name} where id = ${roleId}`;
  await rename("Before");
  await vi.waitFor(() => {
    for (const told of [kept, received(stolen)]) expect(told).toContain("role.updated");
  });

  const before = stolen.frames.length;
  await revokeSession(rig.site, ann, sessionId);
  for (let index = 0; index < 30; index += 1) await rename(`Name ${index}`);
  await rig.site.owner`
    insert into publication_roles (publication_id, name) values (${publicationId}, 'Last')`;
  await vi.waitFor(() => expect(kept).toContain("role.created"), { timeout: 20_000 });
  const after = received(stolen).slice(before);
  expect(after.filter((name) => name !== "querycast.moved")).toEqual([]);
}, 60_000);
