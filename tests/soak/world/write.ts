import { sql } from "drizzle-orm";
import type postgres from "postgres";
import { channels } from "@/channels/index.ts";
import { createComment } from "@/features/comments/create-comment.ts";
import { deleteComment } from "@/features/comments/delete-comment.ts";
import { editComment } from "@/features/comments/edit-comment.ts";
import { listNotifications } from "@/features/notifications/list-notifications.ts";
import { markAllRead } from "@/features/notifications/mark-all-read.ts";
import { markRead } from "@/features/notifications/mark-read.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { type Ledger, recordWrite } from "../checks/ledger.ts";
import type { Random } from "../random.ts";
import type { Ending } from "../schedule/fault-schedule.ts";
import type { Site } from "../site/site.ts";
import type { Inhabitant, Page } from "./world-rows.ts";

/** Thrown at the end of a transaction to roll it back. */
class PlannedRollback extends Error {
  override readonly name = "PlannedRollback";
}

/** Runs a transaction, which calls `end` after its last statement. */
export async function endAsPlanned(
  ending: Ending,
  holdMs: number,
  transaction: (end: () => Promise<void>) => Promise<void>,
): Promise<void> {
  try {
    await transaction(async () => {
      if (ending !== "commit") await pause(holdMs);
      if (ending === "rollback") throw new PlannedRollback("Planned rollback.");
    });
  } catch (error) {
    if (!(error instanceof PlannedRollback)) throw error;
  }
}

/** Writes through the site's actions; some roll back, some commit late. */
export interface Writer {
  comment(by: Inhabitant, on: Page, how: CommentHow): Promise<void>;
  edit(by: Inhabitant, on: Page, at: number, ending: Ending): Promise<void>;
  remove(by: Inhabitant, on: Page, at: number, ending: Ending): Promise<void>;
  markRead(by: Inhabitant): Promise<void>;
  markAllRead(by: Inhabitant): Promise<void>;
  /** Makes a gist private in SQL, as an operator would. */
  closeGist(page: Page): Promise<void>;
  openGist(page: Page): Promise<void>;
}

export interface CommentHow {
  readonly answers: number | null;
  readonly ending: Ending;
  readonly holdMs: number;
}

export interface WriterOptions {
  readonly site: Site;
  readonly owner: postgres.Sql;
  readonly ledger: Ledger;
  readonly random: Random;
}

/** @throws the errors of the actions: the page is not readable, the comment is deleted. */
export function createWriter({ site, owner, ledger, random }: WriterOptions): Writer {
  const { contexts } = site;
  let edits = 0;

  const write = (
    { viewer }: Inhabitant,
    ending: Ending,
    holdMs: number,
    verb: (context: WriteContext) => Promise<void>,
  ) =>
    endAsPlanned(ending, holdMs, (end) =>
      contexts.write(viewer)(async (context) => {
        await verb(context);
        await end();
      }),
    );
  /** A comment on a page by its position, a fraction of all comments; with `authorId`, of that author's. */
  const pickComment = async (on: Page, at: number, authorId?: string) => {
    const rows = await owner<{ id: string }[]>`
      select id from comments
      where coalesce(article_id, gist_id) = ${on.ref.resourceId}
        and (${authorId ?? null}::uuid is null or author_id = ${authorId ?? null}::uuid)
      order by created_at, id`;
    return rows[Math.floor(at * rows.length)]?.id;
  };
  /** Plain SQL, as from an operator. The site has to publish the resulting signals. */
  const setVisibility = async (page: Page, visibility: "private" | "public") => {
    const changed = await owner`
      update gists set visibility = ${visibility}
      where id = ${page.ref.resourceId} and visibility <> ${visibility} returning id`;
    return changed.length > 0;
  };
  /** Changes of visibility run one after the other, so that the ledger knows their order. */
  let visibility: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    const done = visibility.then(work);
    visibility = done.catch(() => {});
    return done;
  };

  return {
    comment: async (by, on, { answers, ending, holdMs }) => {
      const commentId = random.uuid();
      const body = `comment ${commentId.slice(0, 8)}`;
      const parentId = answers === null ? null : ((await pickComment(on, answers)) ?? null);
      const written = { ids: [commentId], channel: channels.resource(on.ref).name, ending };
      await recordWrite(ledger, written, (committing) =>
        write(by, ending, holdMs, async (context) => {
          await createComment(context, { ...on.ref, commentId, parentId, body });
          committing();
        }),
      );
    },
    edit: async (by, on, at, ending) => {
      const commentId = await pickComment(on, at, by.viewer.userId);
      if (commentId === undefined) return;
      await write(by, ending, 200, async (context) => {
        // Numbered under the row's lock, so that numbers grow in the order of commits.
        await context.tx.execute(sql`select from comments where id = ${commentId} for update`);
        edits += 1;
        await editComment(context, { commentId, body: `edit ${edits}` });
      });
    },
    remove: async (by, on, at, ending) => {
      const commentId = await pickComment(on, at, by.viewer.userId);
      if (commentId === undefined) return;
      await write(by, ending, 200, (context) => deleteComment(context, { commentId }));
    },
    markRead: async (by) => {
      const page = await contexts.read(by.viewer)((context) =>
        listNotifications(context, { filter: "unread" }),
      );
      const [newest] = page.rows;
      if (newest === undefined) return;
      await write(by, "commit", 0, (context) => markRead(context, { notificationId: newest.id }));
    },
    markAllRead: (by) => write(by, "commit", 0, markAllRead),
    closeGist: (page) =>
      inTurn(async () => {
        const isChanged = await setVisibility(page, "private");
        if (isChanged) ledger.closed(channels.resource(page.ref).name, page.ownerId);
      }),
    openGist: (page) =>
      inTurn(async () => {
        ledger.opening(channels.resource(page.ref).name);
        await setVisibility(page, "public");
      }),
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
