import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { createQueryBridge, live, on } from "querycast";
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from "vitest";
import { banChannel } from "@/features/admin/channels/ban-channel.ts";
import { liftChannelBan } from "@/features/admin/channels/lift-channel-ban.ts";
import { setChannel } from "@/features/admin/channels/set-channel.ts";
import { listComments } from "@/features/comments/list-comments.ts";
import {
  article,
  createRolloutRig,
  memberOf,
  off,
  page,
  type RolloutRig,
} from "../../support/rigs/rollout-rig.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";
import { createFastClock } from "../../support/stacks/fast-clock.ts";

let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig();
});
beforeEach(() => rig.clear());
afterAll(() => rig.close());

const slowPollMs = 10_000;

/** A reader's page with the thread of an article, as on the site; a minute takes six seconds. */
async function openThread() {
  const clock = createFastClock(10);
  const { client } = await rig.openBrowser(memberOf(viewers.rea), { clock });
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  const bridge = createQueryBridge({ client, queryClient, clock, slowPollMs });
  const readAtMs: number[] = [];
  const queryKey = ["thread"];
  const options = live(
    {
      queryKey,
      queryFn: () => {
        readAtMs.push(clock.now());
        return rig.site.contexts.read(viewers.rea)((context) => listComments(context, article));
      },
    },
    [on(page, "comment.created")],
  );
  const detach = bridge.attach();
  const leave = new QueryObserver(queryClient, options).subscribe(() => {});
  onTestFinished(() => {
    leave();
    detach();
    queryClient.clear();
  });
  const becomes = (status: string) =>
    vi.waitFor(
      () => expect(bridge.liveState(JSON.stringify(queryKey)).status).toBe(status),
      20_000,
    );
  return { readAtMs, becomes, pageState: () => bridge.pageState() };
}

const setResource = (set: Omit<Parameters<typeof setChannel>[1], "kind">) =>
  rig.asAdmin((ctx) => setChannel(ctx, { kind: "resource", ...set }));
const publishAt = (publishedAt: Date | null) =>
  rig.site
    .owner`update articles set published_at = ${publishedAt} where id = ${article.resourceId}`;

const ways = [
  {
    what: "the phase of its signals is off",
    status: "off",
    end: () => rig.setStage(2, off),
    restore: () => rig.setStage(2, null),
  },
  {
    what: "the kind of its channel is off",
    status: "off",
    end: () => setResource({ stage: off }),
    restore: () => setResource({ stage: null }),
  },
  {
    what: "the audience of its kind is narrowed",
    status: "off",
    end: () => setResource({ stage: null, audience: "authors" }),
    restore: () => setResource({ stage: null }),
  },
  {
    what: "the viewer is banned from its channel",
    status: "off",
    end: () => rig.asAdmin((ctx) => banChannel(ctx, { userId: idOf("rea"), channel: page.name })),
    restore: async () => {
      const [ban] = await rig.site.owner<{ id: string }[]>`select id from channel_bans`;
      await rig.asAdmin((ctx) => liftChannelBan(ctx, { banId: ban?.id ?? "" }));
    },
  },
  {
    what: "its page is unpublished",
    status: "denied",
    end: () => publishAt(null),
    restore: () => publishAt(new Date(Date.now() - 60_000)),
  },
] as const;

describe.each(ways)("while $what", ({ status, end, restore }) => {
  test(`U1 U3 a query is ${status}, polls slowly, and is live again after the change is reverted`, async () => {
    const { readAtMs, becomes, pageState } = await openThread();
    await becomes("live");
    await end();
    await becomes(status);
    expect(pageState().status).not.toBe("live");
    // An earlier signal may have caused the first read.
    const before = readAtMs.length + 1;
    await vi.waitFor(() => expect(readAtMs.length).toBeGreaterThanOrEqual(before + 3), 20_000);
    const slow = readAtMs.slice(before);
    const gapsMs = slow.slice(1).map((atMs, index) => atMs - (slow[index] ?? atMs));
    for (const gapMs of gapsMs) expect(gapMs).toBeGreaterThanOrEqual(slowPollMs / 2);
    await becomes(status);
    await restore();
    await becomes("live");
  }, 90_000);
});
