import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { type AnswerFrame, encodeFrame } from "@/lib/analyst/frames.ts";
import { answerWithinMs } from "../limits.ts";
import { answersQuery } from "../queries.ts";
import type { AnswerPage } from "../schema.ts";
import { Analyst } from "./analyst.tsx";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const publicationId = "11111111-1111-4111-8111-111111111111";
const viewerId = "22222222-2222-4222-8222-222222222222";
const askedAtMs = Date.parse("2026-01-01T08:00:00Z");

function open(page: AnswerPage) {
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  queryClient.setQueryData(answersQuery(publicationId, viewerId).queryKey, page);
  render(
    <QueryClientProvider client={queryClient}>
      <Analyst
        publicationId={publicationId}
        viewerId={viewerId}
        evidencePath="/publications/p/evidence"
        renderCitation={String}
      />
    </QueryClientProvider>,
  );
}

const pageOf = (readAtMs: number, rows: AnswerPage["rows"]): AnswerPage => ({
  readAt: new Date(readAtMs).toISOString(),
  lastIngestAt: null,
  rows,
});

test("a question without an answer is being answered until the time limit of an answer, and incomplete after it", async () => {
  vi.useFakeTimers();
  const askedAt = new Date(askedAtMs).toISOString();
  const question = { id: "a1", question: "How late is it?", askedAt, answer: null };
  open(pageOf(askedAtMs + 60_000, [question]));
  const shown = () => screen.getByRole("listitem").textContent;
  expect(shown()).toContain("Being answered…");
  await act(() => vi.advanceTimersByTimeAsync(answerWithinMs - 60_000 - 1));
  expect(shown()).toContain("Being answered…");
  await act(() => vi.advanceTimersByTimeAsync(1));
  expect(shown()).toContain("Incomplete: no answer was completed.");
  cleanup();
  open(pageOf(askedAtMs + answerWithinMs, [question]));
  expect(shown()).toContain("Incomplete: no answer was completed.");
});

test("a streamed answer that is not grounded keeps its warning when the stored answers cannot be read", async () => {
  const frames: readonly AnswerFrame[] = [
    { type: "text", content: "The ferry sank." },
    { type: "done", citations: [], grounded: false },
  ];
  const reads: string[] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    if (init?.method === "POST") return new Response(frames.map(encodeFrame).join(""));
    reads.push(path);
    return Response.json({ message: "The database is down." }, { status: 500 });
  });
  open(pageOf(askedAtMs, []));
  fireEvent.change(screen.getByLabelText(/Question/), { target: { value: "Did it sink?" } });
  fireEvent.click(screen.getByRole("button", { name: "Ask question" }));
  await waitFor(() => expect(reads).toHaveLength(1));
  const answer = screen.getByRole("region", { name: "Answer" });
  expect(answer.textContent).toContain("The ferry sank.");
  expect(answer.textContent).toContain("Not grounded: do not rely on this answer");
});
