import { type InfiniteData, InfiniteQueryObserver } from "@tanstack/react-query";
import { onTestFinished } from "vitest";
import { live } from "../../../src/realtime/query/binding/live.ts";
import { firstPage, type PagesPolicy } from "../../../src/realtime/query/pages.ts";
import { a1, setUp } from "./bridge-rig.ts";

export interface Comment {
  readonly id: number;
  readonly text: string;
}
export interface Page {
  readonly rows: readonly Comment[];
  readonly next: number | null;
}

export const size = 3;
/** A page of a list by cursor, newest first. */
export function readPage(comments: readonly Comment[], after: number | null): Page {
  const newestFirst = [...comments].sort((a, b) => b.id - a.id);
  const left = newestFirst.filter(({ id }) => after === null || id < after);
  const rows = left.slice(0, size);
  return { rows, next: left.length > size ? (rows.at(-1)?.id ?? null) : null };
}

export const shape = {
  rows: (page: Page) => page.rows,
  rowKey: (row: Comment) => row.id,
  withRows: (page: Page, rows: readonly Comment[]) => ({ ...page, rows }),
};
export const onlyFirst = firstPage({ ...shape, on: ["comment.created"] });

/** A list with `loaded` pages in the cache. */
export async function openList(pages?: PagesPolicy<Page>, { count = 9, loaded = 3 } = {}) {
  const rig = setUp();
  const { clock, queryClient } = rig;
  const server = {
    comments: Array.from({ length: count }, (_, id): Comment => ({ id, text: "first wording" })),
    isAway: false,
  };
  const reads: (number | null)[] = [];
  const options = {
    queryKey: ["comments"],
    queryFn: ({ pageParam }: { pageParam: number | null }) => {
      reads.push(pageParam);
      const page = readPage(server.comments, pageParam);
      return new Promise<Page>((resolve, reject) =>
        clock.after(50, () => (server.isAway ? reject(new Error("away")) : resolve(page))),
      );
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page: Page) => page.next,
  };
  const observer = new InfiniteQueryObserver(
    queryClient,
    live(options, [a1], pages === undefined ? {} : { pages }),
  );
  const unmount = observer.subscribe(() => {});
  onTestFinished(unmount);
  await clock.advance(3_000);
  for (let page = 1; page < loaded; page += 1) {
    void observer.fetchNextPage();
    await clock.advance(200);
  }
  reads.splice(0);

  const publish = (name?: string, ids?: readonly { readonly commentId: string }[]) =>
    rig.publish(a1, name, { ids });
  const add = (...added: readonly number[]) => {
    server.comments = [...server.comments, ...added.map((id) => ({ id, text: "new" }))];
  };
  return {
    ...rig,
    observer,
    unmount,
    server,
    reads,
    publish,
    add,
    data: () => queryClient.getQueryData<InfiniteData<Page>>(["comments"]),
    shown: () =>
      queryClient
        .getQueryData<InfiniteData<Page>>(["comments"])
        ?.pages.flatMap(({ rows }) => rows.map(({ id }) => id)),
    arrivals: () => rig.bridge.arrivals.get('["comments"]'),
    settle: () => clock.advance(3_000),
  };
}
