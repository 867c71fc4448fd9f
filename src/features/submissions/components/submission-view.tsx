"use client";

import { useQuery } from "@tanstack/react-query";
import { AppError } from "@/lib/errors/app-error.ts";
import type { Permission } from "@/lib/publications/permissions.ts";
import { stateWords, taskWords } from "@/lib/publications/process.ts";
import { longDate } from "@/lib/text/relative-time.ts";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Link } from "@/ui/link.tsx";
import { Notice } from "@/ui/notice.tsx";
import { RenderedProse } from "@/ui/rendered-text.tsx";
import { submissionQuery } from "../queries.ts";
import type { Submission } from "../schema.ts";
import { Progress } from "./progress.tsx";
import { StepForm } from "./step-form.tsx";
import { Timeline } from "./timeline.tsx";

interface SubmissionViewProps {
  readonly submissionId: string;
  readonly publicationId: string;
  readonly viewerId: string;
  readonly permissions: readonly Permission[];
}

/** A submission with its progress, the steps that the viewer can take, its timeline and its text, live. */
export function SubmissionView(props: SubmissionViewProps) {
  const { submissionId, publicationId, viewerId, permissions } = props;
  const query = submissionQuery(submissionId, publicationId, viewerId);
  const { data: submission, error, isPending, refetch } = useQuery(query);
  // Also when it was shown before: a finished submission publishes nothing more, so that its data is not purged.
  if (error instanceof AppError && error.code === "not_found") {
    return (
      <EmptyState isPage title="This submission is not available">
        It was deleted, or your roles no longer allow you to read it.
      </EmptyState>
    );
  }
  if (submission === undefined) {
    if (isPending) return <SkeletonList label="Loading the submission" />;
    return <ReadFailed onRetry={refetch}>The submission could not be loaded.</ReadFailed>;
  }
  const { state, author, article, scheduledFor, events, text, title } = submission;
  return (
    <>
      <p className="label-caps text-accent" data-testid="submission-state">
        {stateWords[state]}
      </p>
      <h1 className="mt-2 font-serif text-2xl font-medium tracking-tight sm:text-3xl">{title}</h1>
      <p className="mt-2 text-sm text-ink-faint">
        by{" "}
        <Link href={`/people/${author.handle}`} className="text-link font-semibold text-ink">
          {author.name}
        </Link>
        {scheduledFor !== null && (
          <>
            , will be published{" "}
            <time dateTime={scheduledFor}>
              {longDate(Date.parse(scheduledFor))}, {timeOf(scheduledFor)} UTC
            </time>
          </>
        )}
      </p>
      {error !== null && (
        <Notice className="mt-6">
          The submission could not be updated. You see an earlier state.
        </Notice>
      )}
      <Progress state={state} />
      {state === "published" && (
        <Notice role="status" className="mt-6">
          {article.isPublic ? (
            <>
              This article is published.{" "}
              <Link href={`/articles/${article.slug}`} className="text-link font-semibold">
                Open the article
              </Link>
            </>
          ) : (
            "This article was published. Its author unpublished or deleted it."
          )}
        </Notice>
      )}
      {(state === "approved" || state === "scheduled") && !submission.isApprovedText && (
        <Notice role="status" className="mt-6">
          The text was changed after its approval. It has to be reviewed again before it can be
          published.
        </Notice>
      )}
      <StepForm submission={submission} actor={{ isAuthor: author.id === viewerId, permissions }} />
      <OpenTasks submission={submission} viewerId={viewerId} />
      <section aria-labelledby="timeline" className="mt-10">
        <h2 id="timeline" className="label-caps border-t-2 border-ink pt-2.5">
          Timeline
        </h2>
        <Timeline events={events} />
      </section>
      <section aria-labelledby="text" className="mt-10">
        <h2 id="text" className="label-caps border-t-2 border-ink pt-2.5">
          Text
        </h2>
        {author.id === viewerId && state !== "published" && (
          <p className="mt-3 text-sm">
            <Link href={`/write/${article.id}`} className="text-link font-semibold">
              Edit the text
            </Link>
          </p>
        )}
        {article.isReadable ? (
          <RenderedProse text={text} className="mt-5" />
        ) : (
          <p className="mt-3 text-sm text-ink-soft">
            The submission has ended, and the article is not public. Only its author can read it.
          </p>
        )}
      </section>
    </>
  );
}

const timeOf = (iso: string) =>
  new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "UTC" }).format(Date.parse(iso));

function whoDoes(assignee: Submission["tasks"][number]["assignee"], viewerId: string): string {
  if (assignee === null) return "members with the permission";
  return assignee.id === viewerId ? "you" : assignee.name;
}

function OpenTasks({ submission, viewerId }: { submission: Submission; viewerId: string }) {
  const open = submission.tasks.filter(({ status }) => status === "open");
  if (open.length === 0) return null;
  return (
    <section aria-labelledby="open-tasks" className="mt-8 text-sm">
      <h2 id="open-tasks" className="font-semibold">
        Open tasks
      </h2>
      <ul className="mt-1 list-disc pl-5 text-ink-soft">
        {open.map(({ id, kind, assignee }) => (
          <li key={id}>
            {taskWords[kind]}: {whoDoes(assignee, viewerId)}
          </li>
        ))}
      </ul>
    </section>
  );
}
