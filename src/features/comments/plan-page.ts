import { encodeCursor, type PageCursor, parseCursor } from "@/lib/pages/page-cursor.ts";
import { mostCommentsOfPage } from "@/lib/thread-view.ts";
import type { CommentWindow } from "./schema.ts";

/** A comment without its text, for planning pages. `at` is text of a fixed width. */
export interface Entry extends PageCursor {
  readonly parentId: string | null;
}

/**
 * Pages start at multiples of this number of branches, so that the start moves once in that many new
 * branches.
 */
const branchStep = 20;
/** The same for the replies of a branch on a page of several branches. */
const replyStep = 10;
/** The same for the replies of a branch that is loaded alone. */
const aloneStep = 40;
/** The comments of a page, most important first, and the data to describe the page. */
export interface PagePlan {
  /** Ids of comments. A page holds as many of the first ones as its bytes allow. */
  readonly wanted: readonly string[];
  readonly branchOf: (id: string) => string;
  readonly describe: (kept: ReadonlySet<string>) => PageEdges;
}

export interface PageEdges {
  /** Cursor of the next older page; null at the beginning of the thread or branch. */
  readonly older: string | null;
  /** Whether the thread has comments after this page. */
  readonly newer: boolean;
  /** How many replies of a branch are not on the page, by the id of its top-level comment. */
  readonly folded: Readonly<Record<string, number>>;
}

interface Branch {
  readonly root: Entry;
  readonly replies: readonly Entry[];
}

/**
 * Plans one page of a thread.
 *
 * @param entries all comments of the thread, ordered by `at` and `id`
 */
export function planPage(entries: readonly Entry[], window: CommentWindow): PagePlan {
  const branchOf = findBranches(entries);
  const branches = groupBranches(entries, branchOf);
  const alone = branches.find(({ root }) => root.id === window.branch);
  return alone === undefined
    ? planThread(branches, branchOf, window)
    : planBranch(alone, branchOf, window);
}

function planThread(
  branches: readonly Branch[],
  branchOf: PagePlan["branchOf"],
  { before, around }: CommentWindow,
): PagePlan {
  const end = endOf(branches, branchOf, before, around);
  const shown = branches.slice(startOf(end, branchStep), end).toReversed();
  const wanted = shown.flatMap(({ root, replies }) => {
    const linked = replies.find(({ id }) => id === around);
    const newest = replies.slice(startOf(replies.length, replyStep)).toReversed();
    const answered = replies.find(({ id }) => id === linked?.parentId);
    return [root, ...(linked ? [linked] : []), ...(answered ? [answered] : []), ...newest];
  });
  return {
    wanted: firstOf(wanted),
    branchOf,
    describe: (kept) => {
      const onPage = branches.filter(({ root }) => kept.has(root.id));
      const [oldest] = onPage;
      const folded = onPage.flatMap(({ root, replies }) => {
        const missing = replies.filter(({ id }) => !kept.has(id)).length;
        return missing === 0 ? [] : [[root.id, missing] as const];
      });
      return {
        older: oldest === undefined || oldest === branches[0] ? null : encodeCursor(oldest.root),
        newer: end < branches.length,
        folded: Object.fromEntries(folded),
      };
    },
  };
}

function planBranch(
  { root, replies }: Branch,
  branchOf: PagePlan["branchOf"],
  { before }: CommentWindow,
): PagePlan {
  const until = before === undefined ? undefined : parseCursor(before);
  const earlier = until === undefined ? replies : replies.filter((reply) => isBefore(reply, until));
  const newest = earlier.slice(startOf(earlier.length, aloneStep)).toReversed();
  return {
    wanted: firstOf([root, ...newest]),
    branchOf,
    describe: (kept) => {
      const oldest = earlier.find(({ id }) => kept.has(id));
      const isFirst = oldest === undefined || oldest === replies[0];
      return { older: isFirst ? null : encodeCursor(oldest), newer: true, folded: {} };
    },
  };
}

/** Number of branches before the end of the page. */
function endOf(
  branches: readonly Branch[],
  branchOf: PagePlan["branchOf"],
  before: string | undefined,
  around: string | undefined,
): number {
  if (before !== undefined) {
    const until = parseCursor(before);
    return branches.filter(({ root }) => isBefore(root, until)).length;
  }
  if (around === undefined) return branches.length;
  const index = branches.findIndex(({ root }) => root.id === branchOf(around));
  return index === -1 ? branches.length : index + 1;
}

/** Start of a page with a given end: it holds between one and two steps. */
const startOf = (end: number, step: number): number =>
  Math.max(0, Math.floor(end / step) * step - step);

const firstOf = (entries: readonly Entry[]): readonly string[] =>
  [...new Set(entries.map(({ id }) => id))].slice(0, mostCommentsOfPage);

const isBefore = (entry: PageCursor, other: PageCursor): boolean =>
  entry.at === other.at ? entry.id < other.id : entry.at < other.at;

/** Finds the top-level comment of each comment, without recursion: a thread may be one long chain. */
function findBranches(entries: readonly Entry[]): PagePlan["branchOf"] {
  const parents = new Map(entries.map(({ id, parentId }) => [id, parentId]));
  const roots = new Map<string, string>();
  for (const { id } of entries) {
    const path: string[] = [];
    let top = id;
    while (!roots.has(top)) {
      path.push(top);
      const above = parents.get(top);
      if (above == null || !parents.has(above)) break;
      top = above;
    }
    const root = roots.get(top) ?? top;
    for (const each of path) roots.set(each, root);
  }
  return (id) => roots.get(id) ?? id;
}

function groupBranches(
  entries: readonly Entry[],
  branchOf: PagePlan["branchOf"],
): readonly Branch[] {
  const replies = new Map<string, Entry[]>();
  for (const entry of entries) {
    const root = branchOf(entry.id);
    const known = replies.get(root);
    if (known === undefined) replies.set(root, root === entry.id ? [] : [entry]);
    else if (root !== entry.id) known.push(entry);
  }
  return entries
    .filter(({ id }) => branchOf(id) === id)
    .map((root) => ({ root, replies: replies.get(root.id) ?? [] }));
}
