import {
  infiniteQueryOptions,
  QueryClient,
  queryOptions,
  useMutation,
} from "@tanstack/react-query";
import { expectTypeOf, test } from "vitest";
import { liveMutation } from "./live-mutation.ts";

const query = queryOptions({ queryKey: ["list"], queryFn: async () => ["a"] });
const pages = infiniteQueryOptions({
  queryKey: ["pages"],
  queryFn: async ({ pageParam }) => [pageParam],
  initialPageParam: 0,
  getNextPageParam: () => null,
});

test("variables, data and the result of onMutate are inferred as by useMutation", () => {
  const options = liveMutation({
    mutationFn: async (input: { readonly text: string }, { origin, client }) => {
      expectTypeOf(origin).toEqualTypeOf<string>();
      expectTypeOf(client).toEqualTypeOf<QueryClient>();
      return input.text.length;
    },
    onMutate: ({ text }) => ({ before: text }),
    onError: (error, { text }, result) => {
      expectTypeOf(error).toEqualTypeOf<Error>();
      expectTypeOf(text).toEqualTypeOf<string>();
      expectTypeOf(result).toEqualTypeOf<{ before: string } | undefined>();
    },
  });
  const mutation = useMutation(options);
  expectTypeOf(mutation.data).toEqualTypeOf<number | undefined>();
  expectTypeOf(mutation.mutate).parameter(0).toEqualTypeOf<{ readonly text: string }>();
});

test("a mutation without variables is called without arguments", () => {
  const mutation = useMutation(liveMutation({ mutationFn: async (_, { origin }) => origin }));
  mutation.mutate();
  expectTypeOf(mutation.data).toEqualTypeOf<string | undefined>();
});

test("an optimistic change is typed by a key made by queryOptions", () => {
  liveMutation({
    mutationFn: async (text: string) => text,
    optimistic: (text, show) => {
      show(query.queryKey, (list) => {
        expectTypeOf(list).toEqualTypeOf<string[]>();
        return [...list, text];
      });
      show(pages.queryKey, (data) => {
        expectTypeOf(data.pages).toEqualTypeOf<number[][]>();
        return data;
      });
      show<number>(["count"], (count) => count + 1);
      // @ts-expect-error the data of this key is a list
      show(query.queryKey, () => text);
    },
  });
});

test("a mutation function is required", () => {
  // @ts-expect-error mutationFn is missing
  liveMutation({ onMutate: () => new QueryClient() });
});
