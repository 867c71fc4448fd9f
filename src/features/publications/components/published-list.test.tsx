import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { listedAtMost } from "@/lib/list-limits.ts";
import { publicationArticlesQuery } from "../queries.ts";
import type { PublishedArticle } from "../schema.ts";
import { PublishedList } from "./published-list.tsx";

afterEach(cleanup);

const publicationId = "11111111-1111-4111-8111-111111111111";

const article = (number: number): PublishedArticle => ({
  id: String(number),
  slug: `article-${number}`,
  title: `Article ${number}`,
  excerpt: "",
  publishedAt: "2026-01-01T08:00:00.000000Z",
  author: { handle: "ann", name: "Ann" },
});

function open(articles: number) {
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  const { queryKey } = publicationArticlesQuery(publicationId);
  queryClient.setQueryData(
    queryKey,
    Array.from({ length: articles }, (_, at) => article(at)),
  );
  render(
    <QueryClientProvider client={queryClient}>
      <PublishedList publicationId={publicationId} />
    </QueryClientProvider>,
  );
}

test("a full list of published articles names how many are shown, and a shorter one does not", () => {
  const note = () => screen.queryByText("The newest 200 articles are shown.");
  open(listedAtMost - 1);
  expect(note()).toBeNull();
  cleanup();
  open(listedAtMost);
  expect(note()).not.toBeNull();
});
