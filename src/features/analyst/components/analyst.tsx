"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { citationsOf } from "@/lib/analyst/sentences.ts";
import { parseObservationRef } from "@/lib/evidence/observation.ts";
import { utcTime } from "@/lib/text/utc-time.ts";
import { CitedText } from "@/ui/data/cited-text.tsx";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { Freshness } from "@/ui/data/freshness.tsx";
import { LostGrounding } from "@/ui/data/lost-grounding.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { SubmitForm } from "@/ui/forms/controls.tsx";
import { TextArea } from "@/ui/forms/text-area.tsx";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { Notice } from "@/ui/notice.tsx";
import { answerWithinMs, listedAnswers, questionLength } from "../limits.ts";
import { answersQuery } from "../queries.ts";
import type { StoredAnswer } from "../schema.ts";
import { type AskState, useAsk } from "./use-ask.ts";

interface AnalystProps {
  readonly publicationId: string;
  readonly viewerId: string;
  /** Path of the evidence log. */
  readonly evidencePath: string;
  /** Shows an observation that an answer cites, by a separate read. */
  readonly renderCitation: (number: number) => ReactNode;
}

const answerStyle = "my-2 max-w-[66ch] font-serif text-lg break-words whitespace-pre-line";

/** Questions to the analyst, and the answers that the server has stored. */
export function Analyst({ publicationId, viewerId, evidencePath, renderCitation }: AnalystProps) {
  const { data: page, isError, refetch } = useQuery(answersQuery(publicationId, viewerId));
  const { state, ask, stop } = useAsk(publicationId);
  const [question, setQuestion] = useState("");
  const isBusy = state?.status === "streaming";
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy && question.trim() !== "") void ask(question.trim());
  };
  const isStored = page?.rows.some(({ id, answer }) => id === state?.answerId && answer !== null);
  const rows = page?.rows.filter(({ id, answer }) => answer !== null || id !== state?.answerId);
  return (
    <>
      <SubmitForm onSubmit={onSubmit} noValidate className="max-w-xl space-y-4">
        <TextArea
          name="question"
          label="Question"
          hint="Answered from the observations that you may read."
          rows={2}
          maxLength={questionLength}
          value={question}
          onChange={(event) => setQuestion(event.target.value)}
        />
        <p className="flex gap-3">
          <ActionButton type="submit" aria-disabled={isBusy || question.trim() === ""}>
            {isBusy ? "Answering…" : "Ask question"}
          </ActionButton>
          {isBusy && (
            <Button look="quiet" onClick={stop}>
              Stop
            </Button>
          )}
        </p>
      </SubmitForm>
      {state !== null && isStored !== true && (
        <LiveAnswer state={state} evidencePath={evidencePath} />
      )}
      <section className="mt-12">
        <SectionTitle>Answers</SectionTitle>
        {page !== undefined && (
          <div className="mt-3">
            <Freshness {...page} />
          </div>
        )}
        {isError && <ReadFailed onRetry={refetch}>The answers could not be loaded.</ReadFailed>}
        {page === undefined && !isError && <SkeletonList label="Loading the answers" rows={2} />}
        {rows?.length === 0 && state === null && (
          <div className="mt-5">
            <EmptyState title="No questions yet">
              Each sentence of an answer cites the observations that support it.
            </EmptyState>
          </div>
        )}
        <ol aria-label="Answers" className="mt-3 divide-y divide-rule">
          {rows?.map((stored) => (
            <li key={stored.id} className="py-5">
              {stored.answer === null ? (
                <Unanswered stored={stored} readAt={page?.readAt ?? ""} />
              ) : (
                <Stored
                  stored={stored}
                  answer={stored.answer}
                  evidencePath={evidencePath}
                  renderCitation={renderCitation}
                />
              )}
            </li>
          ))}
        </ol>
        <CutNote rows={page?.rows} most={listedAnswers}>
          The newest {listedAnswers} questions are shown.
        </CutNote>
      </section>
    </>
  );
}

const toolWords = {
  query_observations: "Searching the evidence log…",
  read_observation: "Reading an observation…",
} as const;

function LiveAnswer({ state, evidencePath }: { state: AskState; evidencePath: string }) {
  const { question, text, tool, status, message, grounded } = state;
  return (
    <section aria-label="Answer" className="mt-8 border-l-3 border-rule pl-5">
      <p className="font-semibold">{question}</p>
      <div aria-live="polite" data-status={status}>
        <CitedText text={text} evidencePath={evidencePath} className={answerStyle} />
        {status === "streaming" && (
          <p className="text-sm text-ink-soft">{tool === null ? "Answering…" : toolWords[tool]}</p>
        )}
      </div>
      {status === "incomplete" && (
        <Notice className="mt-3">
          Incomplete: the answer was broken off. What it shows was not checked as a whole. Ask
          again.
        </Notice>
      )}
      {grounded === false && (
        <p className="text-xs">
          <NotGrounded />
        </p>
      )}
      {status === "refused" && <Notice className="mt-3">{message}</Notice>}
    </section>
  );
}

const NotGrounded = () => (
  <strong className="text-danger">Not grounded: do not rely on this answer</strong>
);

interface UnansweredProps {
  readonly stored: StoredAnswer;
  /** When it was read, by the clock of the server. */
  readonly readAt: string;
}

/** A question that another tab or a run on the server may still answer, until the time limit of an answer. */
function Unanswered({ stored: { question, askedAt }, readAt }: UnansweredProps) {
  const leftMs = answerWithinMs - (Date.parse(readAt) - Date.parse(askedAt));
  const [isOver, setIsOver] = useState(leftMs <= 0);
  useEffect(() => {
    const timer = setTimeout(() => setIsOver(true), leftMs);
    return () => clearTimeout(timer);
  }, [leftMs]);
  return (
    <>
      <p className="font-semibold">{question}</p>
      <p className="mt-1 text-sm text-ink-soft">
        {isOver ? "Incomplete: no answer was completed." : "Being answered…"} Asked{" "}
        {utcTime(askedAt)}.
      </p>
    </>
  );
}

interface StoredProps extends Pick<AnalystProps, "evidencePath" | "renderCitation"> {
  readonly stored: StoredAnswer;
  readonly answer: NonNullable<StoredAnswer["answer"]>;
}

function Stored({ stored: { question }, answer, evidencePath, renderCitation }: StoredProps) {
  const [isOpen, setIsOpen] = useState(false);
  const isGrounded = answer.grounded && answer.lost.length === 0;
  const numbers = citationsOf(answer.text)
    .map(parseObservationRef)
    .filter((number) => number !== null);
  return (
    <article data-grounded={isGrounded}>
      <p className="font-semibold">{question}</p>
      <CitedText text={answer.text} evidencePath={evidencePath} className={answerStyle} />
      <LostGrounding refs={answer.lost} className="text-sm font-medium" />
      <p className="text-xs text-ink-faint">
        {isGrounded &&
          "Grounded: each sentence is cited, and each figure is in a cited observation · "}
        {!answer.grounded && (
          <>
            <NotGrounded /> ·{" "}
          </>
        )}
        answered {utcTime(answer.at)}
      </p>
      {numbers.length > 0 && (
        <details className="mt-2 text-sm" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
          <summary className="cursor-pointer font-semibold">Show the cited observations</summary>
          {isOpen && (
            <ul aria-label="Cited observations" className="mt-2 space-y-4">
              {numbers.map((number) => (
                <li key={number}>{renderCitation(number)}</li>
              ))}
            </ul>
          )}
        </details>
      )}
    </article>
  );
}
