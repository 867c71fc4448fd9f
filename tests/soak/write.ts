import { sql } from "drizzle-orm";
import type postgres from "postgres";
import { createComment } from "@/features/comments/create-comment.ts";
import { deleteComment } from "@/features/comments/delete-comment.ts";
import { editComment } from "@/features/comments/edit-comment.ts";
import type { WriteContext } from "@/features/context.ts";
import { listNotifications } from "@/features/notifications/list-notifications.ts";
import { markAllRead } from "@/features/notifications/mark-all-read.ts";
import { markRead } from "@/features/notifications/mark-read.ts";
import { channels } from "@/wiring/inventory.ts";
import type { Ledger } from "./ledger.ts";
import type { Random } from "./random.ts";
import type { Ending } from "./schedule.ts";
import type { Site } from "./site.ts";
import type { Inhabitant, Page } from "./world-rows.ts";

/** What a transaction that is meant to fail fails with, after all its work is done. */
class TakenBack extends Error {
  override readonly name = "TakenBack";
}

/** The writes of the site, each by somebody, some taken back and some committed late. */
export interface Writer {
  comment(by: Inhabitant, on: Page, how: CommentHow): Promise<void>;
  edit(by: Inhabitant, on: Page, at: number, ending: Ending): Promise<void>;
  remove(by: Inhabitant, on: Page, at: number, ending: Ending): Promise<void>;
  markRead(by: Inhabitant): Promise<void>;
  markAllRead(by: Inhabitant): Promise<void>;
  /** Takes a gist from everybody but its owner, as an admin would in SQL. */
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

/** @throws what the verbs throw: the page is not theirs to read, the comment is gone. */
export function createWriter({ site, owner, ledger, random }: WriterOptions): Writer {
  const { contexts } = site;
  let edits = 0;

  const write = async (
    { viewer }: Inhabitant,
    ending: Ending,
    holdMs: number,
    verb: (context: WriteContext) => Promise<void>,
  ) => {
    try {
      await contexts.write(viewer)(async (context) => {
        await verb(context);
        if (ending !== "commit") await pause(holdMs);
        if (ending === "rollback") throw new TakenBack("Taken back, as planned.");
      });
    } catch (error) {
      if (!(error instanceof TakenBack)) throw error;
    }
  };
  /** One of somebody's own comments on a page, by a fraction of them all. */
  const pickComment = async (on: Page, at: number, authorId?: string) => {
    const rows = await owner<{ id: string }[]>`
      select id from comments
      where coalesce(article_id, gist_id) = ${on.ref.resourceId}
        and (${authorId ?? null}::uuid is null or author_id = ${authorId ?? null}::uuid)
      order by created_at, id`;
    return rows[Math.floor(at * rows.length)]?.id;
  };
  /** Plain SQL, as an operator would write it: what follows from it is the site's to know. */
  const setVisibility = async (page: Page, visibility: "private" | "public") => {
    const changed = await owner`
      update gists set visibility = ${visibility}
      where id = ${page.ref.resourceId} and visibility <> ${visibility} returning id`;
    return changed.length > 0;
  };
  /** One after the other, so that the ledger knows which came first. */
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
      ledger.begin(commentId, channels.resource(on.ref).name);
      let isTakenBack = ending === "rollback";
      try {
        await write(by, ending, holdMs, async (context) => {
          await createComment(context, { ...on.ref, commentId, parentId, body });
          if (ending !== "rollback") ledger.committing(commentId);
        });
      } catch (error) {
        isTakenBack = true;
        throw error;
      } finally {
        if (isTakenBack) ledger.rolledBack(commentId);
        else ledger.committed(commentId);
      }
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
