import type { OutgoingSignal } from "querycast";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { banChannel } from "@/features/admin/channels/ban-channel.ts";
import { liftChannelBan } from "@/features/admin/channels/lift-channel-ban.ts";
import { banUser } from "@/features/admin/people/ban-user.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { createJoinRecord } from "@/wiring/realtime/access/join-record.ts";
import {
  card,
  createRolloutRig,
  follow,
  isIn,
  memberOf,
  ofPhase,
  page,
  person,
  type RolloutRig,
  received,
} from "../../support/rigs/rollout-rig.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";

let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig();
});
beforeEach(() => rig.clear());
afterAll(() => rig.close());

test("F6 a person banned from a channel receives nothing after the commit, and can still read", async () => {
  const { client } = await rig.openBrowser(memberOf(viewers.kay));
  const told = follow(client, page);
  await isIn(client, "live");
  const listener = await rig.eavesdrop();
  await rig.asAdmin((ctx) => banChannel(ctx, { userId: idOf("rea"), channel: page.name }));
  await rig.write(ofPhase[2]?.() as OutgoingSignal);
  await vi.waitFor(() => expect(told).toContain("comment.created"), { timeout: 10_000 });
  // The client keeps its old signature and receives at most the epoch change.
  expect(received(listener)).not.toContain("comment.created");
  expect(await rig.join(memberOf(viewers.rea), page.name, person.name)).toEqual(["off", "joined"]);
  expect(await rig.join(memberOf(viewers.ann), page.name)).toEqual(["joined"]);
  const [ban] = await rig.site.owner<{ id: string }[]>`select id from channel_bans`;
  await rig.asAdmin((ctx) => liftChannelBan(ctx, { banId: ban?.id ?? "" }));
  expect(await rig.join(memberOf(viewers.rea), page.name)).toEqual(["joined"]);
});

test.each([
  ["banned from all channels", banFromAll],
  ["shut out", shutOut],
])(
  "F6 V1 a person who is %s receives nothing more on the channels they are in",
  async (_how, ban) => {
    const { client } = await rig.openBrowser(memberOf(viewers.kay));
    const told = follow(client, page);
    await isIn(client, "live");
    const record = createJoinRecord({
      database: rig.site.database,
      onError: (error) => {
        throw error;
      },
    });
    record.note({
      viewer: memberOf(viewers.rea),
      type: "join",
      results: [page, card].map(({ name }) => ({ channel: name, status: "joined" })),
    });
    await record.flush();
    const listener = await rig.eavesdrop();
    await rig.asAdmin(ban);
    for (const phase of [1, 2, 4]) await rig.write(ofPhase[phase]?.() as OutgoingSignal);
    // Allowed clients have followed the epoch change.
    await vi.waitFor(() => expect(told).toContain("comment.created"), { timeout: 10_000 });
    expect(received(listener).filter((name) => !name.startsWith("querycast."))).toEqual([]);
  },
);

async function banFromAll(ctx: WriteContext): Promise<void> {
  await banChannel(ctx, { userId: idOf("rea"), channel: null });
}
async function shutOut(ctx: WriteContext): Promise<void> {
  await banUser(ctx, { userId: idOf("rea"), reason: "" });
}

test("F6 a channel can be banned for everyone, and a person from all channels", async () => {
  await rig.asAdmin((ctx) => banChannel(ctx, { userId: null, channel: page.name }));
  await rig.asAdmin((ctx) => banChannel(ctx, { userId: idOf("rea"), channel: null }));
  expect(await rig.join(memberOf(viewers.ann), page.name, card.name)).toEqual(["off", "joined"]);
  expect(await rig.join(memberOf(viewers.rea), person.name, card.name)).toEqual(["off", "off"]);
});
