import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { FigureRow } from "@/lib/evidence/figure-row.ts";
import { figuresQuery, valuesQuery } from "../queries.ts";
import { FigureChart } from "./figure-chart.tsx";

const publicationId = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
const viewer = { userId: null, isMember: false, isDesk: false };
const figure = { name: "Water level", unit: "m" };
const row: FigureRow = {
  number: 7,
  eventAt: "2026-01-01T06:00:00.000Z",
  corrects: null,
  figures: [{ ...figure, value: "4.5" }],
  integrity: "verified",
};

type Answer = readonly FigureRow[] | "fails" | "is awaited";

/** The page after the answers to its two reads. */
async function render(figures: Answer, values: Answer): Promise<string> {
  const client = new QueryClient({
    defaultOptions: { queries: { retry: false, retryOnMount: false, staleTime: Infinity } },
  });
  for (const [{ queryKey }, answer] of [
    [figuresQuery(publicationId, viewer), figures],
    [valuesQuery(publicationId, figure, viewer), values],
  ] as const) {
    if (answer === "is awaited") continue;
    const queryFn = () => (answer === "fails" ? Promise.reject(new Error(answer)) : answer);
    await client.prefetchQuery({ queryKey, queryFn });
  }
  return renderToStaticMarkup(
    <QueryClientProvider client={client}>
      <FigureChart
        publicationId={publicationId}
        path="/publications/a/evidence"
        figure={null}
        viewer={viewer}
      />
    </QueryClientProvider>,
  );
}

const words = {
  loading: "Loading the figures",
  failed: "The figures could not be loaded.",
  none: "No figures yet",
  valuesLoading: "Loading the values",
  valuesFailed: "The values could not be loaded.",
  values: "1 value. Last: 4.5 m",
};

test.each<[what: string, figures: Answer, values: Answer, shown: readonly string[]]>([
  ["loads its figures", "is awaited", "is awaited", [words.loading]],
  ["could not load its figures", "fails", "is awaited", [words.failed]],
  ["has no figures", [], "is awaited", [words.none]],
  ["loads the values of a figure", [row], "is awaited", [words.valuesLoading]],
  ["could not load the values of a figure", [row], "fails", [words.valuesFailed]],
  ["has values", [row], [row], [words.values]],
])("a page of figures that %s says so, and nothing else", async (_, figures, values, shown) => {
  const html = await render(figures, values);
  expect(Object.values(words).filter((each) => html.includes(each))).toEqual(shown);
  const isFailed = figures === "fails" || values === "fails";
  expect(html.includes("Try again")).toBe(isFailed);
});
