import {
  infiniteQueryOptions,
  QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { expectTypeOf, test } from "vitest";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { ids } from "../../protocol/ids.ts";
import { on } from "../../protocol/signal.ts";
import { countArrivals, firstPage } from "../pages.ts";
import { live } from "./live.ts";

const channels = defineChannels({
  user: channel("user.{userId}").signal("notification.created", ids("notificationId")),
});
const ref = channels.user({ userId: "u1" });

const options = queryOptions({
  queryKey: ["count"] as const,
  queryFn: async () => 7,
  staleTime: 5,
});
const bound = live(options, [ref, on(ref, "notification.created"), null]);

test("live keeps the whole type of the options", () => {
  expectTypeOf(bound).toEqualTypeOf(options);
  expectTypeOf(useQuery(bound).data).toEqualTypeOf<number | undefined>();
  expectTypeOf(new QueryClient().getQueryData(bound.queryKey)).toEqualTypeOf<number | undefined>();
  expectTypeOf(useQuery({ ...bound, select: (count) => `${count}` }).data).toEqualTypeOf<
    string | undefined
  >();
});

test("live keeps the type of infinite queries", () => {
  const pages = infiniteQueryOptions({
    queryKey: ["pages"],
    queryFn: async ({ pageParam }) => [pageParam],
    initialPageParam: 0,
    getNextPageParam: () => null,
  });
  expectTypeOf(useInfiniteQuery(live(pages, [ref])).data?.pages).toEqualTypeOf<
    number[][] | undefined
  >();
});

test("a source is a channel, some of its signals, or nothing", () => {
  // @ts-expect-error a name is not a reference
  live(options, ["user.u1"]);
});

test("a pages policy is typed by the page of its query, and for infinite queries only", () => {
  const pages = infiniteQueryOptions({
    queryKey: ["pages"],
    queryFn: async ({ pageParam }) => ({ rows: [{ id: pageParam }], next: null }),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
  });
  const bound = live(pages, [ref], {
    priority: "low",
    pages: firstPage({
      rows: (page) => {
        expectTypeOf(page.rows).toEqualTypeOf<{ id: number }[]>();
        return page.rows;
      },
      rowKey: (row) => row.id,
      withRows: (page, rows) => ({ ...page, rows: [...rows] }),
    }),
  });
  expectTypeOf(bound).toEqualTypeOf(pages);
  live(pages, [ref], { pages: countArrivals("notification.created") });
  // @ts-expect-error the query is not infinite
  live(options, [ref], { pages: countArrivals() });
  // @ts-expect-error there is no such priority
  live(options, [ref], { priority: "urgent" });
  live(pages, [ref], {
    // @ts-expect-error the pages have another type
    pages: firstPage({
      rows: (page: { readonly items: readonly number[] }) => page.items,
      rowKey: (row) => row,
      withRows: (page, items) => ({ ...page, items }),
    }),
  });
});
