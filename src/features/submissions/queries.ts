import { queryOptions } from "@tanstack/react-query";
import { live, type Source } from "querycast";
import { dashboardArticles } from "@/channels/dashboard.ts";
import { channels } from "@/channels/index.ts";
import { submissions, tasks } from "@/channels/publications.ts";
import { standingSources } from "@/channels/standing.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { submissionKeys } from "./keys.ts";
import type {
  ArticleChoice,
  Submission,
  SubmissionEntry,
  TaskCounts,
  TaskEntry,
  TaskFilter,
} from "./schema.ts";

/** The viewer of a work list. Members who read all submissions join the channel of the desk. */
export interface DeskViewer {
  readonly userId: string;
  readonly isDesk: boolean;
}

const taskSources = (publicationId: string, { userId, isDesk }: DeskViewer): readonly Source[] => [
  tasks.all(channels.user({ userId })),
  submissions.all(channels.user({ userId })),
  isDesk && tasks.all(channels.desk({ publicationId })),
  isDesk && submissions.all(channels.desk({ publicationId })),
  // Which tasks are for the viewer's roles depends on the roles.
  ...standingSources(publicationId, { userId, isMember: true }),
];

/** Tasks of a publication that the viewer may read, in one view of the work list. */
export const tasksQuery = (publicationId: string, filter: TaskFilter, viewer: DeskViewer) =>
  live(
    queryOptions({
      queryKey: submissionKeys.tasks(publicationId, filter, viewer.isDesk),
      queryFn: ({ signal }) =>
        fetchJson<readonly TaskEntry[]>(
          withParams("/api/submissions/tasks", { publicationId, ...filter }),
          signal,
        ),
    }),
    taskSources(publicationId, viewer),
  );

/** How many open tasks each view of the work list has. */
export const taskCountsQuery = (publicationId: string, viewer: DeskViewer) =>
  live(
    queryOptions({
      queryKey: submissionKeys.counts(publicationId, viewer.isDesk),
      queryFn: ({ signal }) =>
        fetchJson<TaskCounts>(
          withParams("/api/submissions/task-counts", { publicationId }),
          signal,
        ),
    }),
    taskSources(publicationId, viewer),
  );

/** The submissions of a publication that the viewer may read. */
export const submissionsQuery = (publicationId: string, { userId, isDesk }: DeskViewer) =>
  live(
    queryOptions({
      queryKey: submissionKeys.list(publicationId, isDesk),
      queryFn: ({ signal }) =>
        fetchJson<readonly SubmissionEntry[]>(
          withParams("/api/submissions", { publicationId }),
          signal,
        ),
    }),
    [
      submissions.all(channels.user({ userId })),
      isDesk && submissions.all(channels.desk({ publicationId })),
    ],
  );

/** One submission with its text, its tasks and its timeline, for a member. A finished one publishes nothing more. */
export const submissionQuery = (submissionId: string, publicationId: string, viewerId: string) =>
  live(
    queryOptions({
      queryKey: submissionKeys.submission(submissionId),
      queryFn: ({ signal }) =>
        fetchJson<Submission>(withParams("/api/submissions/submission", { submissionId }), signal),
    }),
    [
      channels.submission({ submissionId }),
      ...standingSources(publicationId, { userId: viewerId, isMember: true }),
    ],
  );

/** The viewer's articles that can be submitted. */
export const articleChoicesQuery = (userId: string) =>
  live(
    queryOptions({
      queryKey: submissionKeys.choices,
      queryFn: ({ signal }) =>
        fetchJson<readonly ArticleChoice[]>("/api/submissions/choices", signal),
    }),
    [submissions.all(channels.user({ userId })), dashboardArticles.all(channels.user({ userId }))],
  );
