import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { createSharedRead } from "querycast/server";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { articles, gists } from "@/db/schema.ts";
import type { Viewer } from "@/db/viewer.ts";
import { getArticle } from "@/features/articles/read/get-article.ts";
import { listComments } from "@/features/comments/list-comments.ts";
import { getGist } from "@/features/gists/get-gist.ts";
import { createReadShared } from "@/wiring/routes/read-shared.ts";
import { createRolloutRig, memberOf, type RolloutRig } from "../../support/rigs/rollout-rig.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";

/** The rules of `src/wiring/realtime/access/rules.ts`, asked through the route, over the site's own policies. */

let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig();
});
beforeEach(() => rig.clear());
afterAll(() => rig.close());

const { anonymous: _, ...members } = viewers;
type Name = keyof typeof members;
const names = Object.keys(members) as Name[];
const unknownId = randomUUID();
/** The members who may join the channel of each page. Ann wrote all but one of them. */
const pages: readonly {
  readonly what: string;
  readonly type: "article" | "gist";
  readonly id: string;
  readonly open: readonly Name[];
}[] = [
  { what: "a published article", type: "article", id: idOf("article"), open: names },
  { what: "another's article", type: "article", id: idOf("article of ben"), open: names },
  { what: "a draft", type: "article", id: idOf("draft"), open: ["ann"] },
  { what: "a scheduled article", type: "article", id: idOf("scheduled"), open: ["ann"] },
  { what: "a deleted article", type: "article", id: idOf("going"), open: ["ann"] },
  { what: "an unknown article", type: "article", id: unknownId, open: [] },
  { what: "a public gist", type: "gist", id: idOf("gist"), open: names },
  { what: "a private gist", type: "gist", id: idOf("private gist"), open: ["ann"] },
  { what: "an unknown gist", type: "gist", id: unknownId, open: [] },
  { what: "an article as a gist", type: "gist", id: idOf("article"), open: [] },
];

/** Whether a read returns something. */
const found = (read: Promise<unknown>) =>
  read.then(
    (result) => result !== null,
    (error: { readonly code?: string }) => {
      expect(error.code).toBe("not_found");
      return false;
    },
  );

/** Whether a viewer gets a page by the read that renders it, and whether its thread is read by the page and the route. */
async function readsOf(viewer: Viewer, { type, id }: (typeof pages)[number]) {
  const ref = { resourceType: type, resourceId: id };
  const read = rig.site.contexts.read(viewer);
  const [article] = await rig.site.owner<{ slug: string }[]>`
    select slug from articles where id = ${id}`;
  const readShared = createReadShared(
    rig.site.contexts.read,
    createSharedRead<string>({ windowMs: 1 }),
  );
  return {
    page: await found(
      read<unknown>((ctx) =>
        type === "gist"
          ? getGist(ctx, { id })
          : getArticle(ctx, { slug: article?.slug ?? "unknown" }),
      ),
    ),
    thread: await found(read((ctx) => listComments(ctx, ref))),
    refetch: await found(
      readShared(
        `comments ${id}`,
        async () => viewer,
        (ctx) => listComments(ctx, ref),
      ),
    ),
  };
}

test.each(pages)(
  "S2.10 the cold load, the refetch and the join of a channel give the same result for $what",
  async (page) => {
    const channel = channels.resource({ resourceType: page.type, resourceId: page.id }).name;
    for (const name of names) {
      const viewer = members[name];
      const [join] = await rig.join(memberOf(viewer), channel);
      const isOpen = page.open.includes(name);
      expect({ name, ...(await readsOf(viewer, page)), join }).toEqual({
        name,
        page: isOpen,
        thread: isOpen,
        refetch: isOpen,
        join: isOpen ? "joined" : "denied",
      });
    }
    const isPublic = page.open === names;
    expect(await readsOf(viewers.anonymous, page)).toEqual({
      page: isPublic,
      thread: isPublic,
      refetch: isPublic,
    });
  },
);

test.each(names)(
  "A1 S3.8 %s can join and catch up with exactly the pages that their own read returns: no one else's draft or private gist, and no unknown id",
  async (name) => {
    const viewer = members[name];
    const channelNames = pages.map(
      ({ type, id }) => channels.resource({ resourceType: type, resourceId: id }).name,
    );
    const joins = await rig.join(memberOf(viewer), ...channelNames);
    const { results = [] } = await rig.ask(memberOf(viewer), {
      type: "catch-up",
      channels: channelNames.map((channel) => ({ channel, cursor: null })),
    });
    const isRead = await rig.site.contexts.read(viewer)(({ tx }) =>
      Promise.all(
        pages.map(async ({ type, id }) => {
          const table = type === "article" ? articles : gists;
          const rows = await tx.select({ id: table.id }).from(table).where(eq(table.id, id));
          return rows.length === 1;
        }),
      ),
    );
    const decisions = pages.map(({ what }, index) => ({
      what,
      join: joins[index],
      catchUp: results[index]?.status === "denied" ? "denied" : "joined",
      isRead: isRead[index],
    }));
    expect(decisions).toEqual(
      pages.map(({ what, open }) => {
        const answer = open.includes(name) ? "joined" : "denied";
        return { what, join: answer, catchUp: answer, isRead: open.includes(name) };
      }),
    );
  },
);
