"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { liveMutation } from "querycast";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import { permissionWords } from "@/lib/publications/permissions.ts";
import { stateWords, taskKinds, taskWords } from "@/lib/publications/process.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Choices } from "@/ui/forms/choices.tsx";
import { FilterForm } from "@/ui/forms/filter-form.tsx";
import { Link } from "@/ui/link.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import { Notice } from "@/ui/notice.tsx";
import { takeTaskAction } from "../actions.ts";
import { type DeskViewer, taskCountsQuery, tasksQuery } from "../queries.ts";
import type { TaskEntry, TaskFilter } from "../schema.ts";

interface TaskListProps {
  readonly publicationId: string;
  /** Path of the work list. */
  readonly path: string;
  readonly filter: TaskFilter;
  readonly viewer: DeskViewer;
}

/** The tasks of a publication in three views with live counts, and filters. */
export function TaskList({ publicationId, path, filter, viewer }: TaskListProps) {
  const queryClient = useQueryClient();
  const query = tasksQuery(publicationId, filter, viewer);
  const { data: list, isError, isPending, refetch } = useQuery(query);
  const counts = taskCountsQuery(publicationId, viewer);
  const { data: numbers } = useQuery(counts);
  const take = useMutation(
    liveMutation({
      mutationFn: (input: { readonly taskId: string; readonly isTaken: boolean }, { origin }) =>
        unwrapAction((stamp) => takeTaskAction(stamp, input, origin)),
      onSettled: () =>
        Promise.all(
          [query, counts].map(({ queryKey }) => queryClient.invalidateQueries({ queryKey })),
        ),
    }),
  );
  const { show: _, ...others } = filter;
  const view = (show: TaskFilter["show"], label: string) => ({
    href: `${path}?${new URLSearchParams({ ...others, show })}`,
    label: `${label} (${numbers?.[show] ?? "…"})`,
    isCurrent: filter.show === show,
  });
  return (
    <>
      <Choices
        label="Show tasks"
        choices={[view("mine", "Yours"), view("roles", "For your roles"), view("all", "All")]}
      />
      <p role="status" className="sr-only">
        {numbers !== undefined &&
          `Open tasks: ${numbers.mine} yours, ${numbers.roles} for your roles, ${numbers.all} in all.`}
      </p>
      <div className="mt-4">
        <FilterForm
          action={path}
          values={filter}
          fields={[
            {
              name: "show",
              label: "Tasks",
              choices: [
                { value: "mine", label: "Yours" },
                { value: "roles", label: "For your roles" },
                { value: "all", label: "All" },
              ],
            },
            {
              name: "kind",
              label: "Kind",
              choices: [
                { value: "", label: "All kinds" },
                ...taskKinds.map((kind) => ({ value: kind, label: taskWords[kind] })),
              ],
            },
            {
              name: "status",
              label: "Status",
              choices: [
                { value: "open", label: "Open" },
                { value: "closed", label: "Closed" },
              ],
            },
          ]}
        />
      </div>
      {take.error && <Notice className="mt-4">{take.error.message}</Notice>}
      {isError && <ReadFailed onRetry={refetch}>The tasks could not be loaded.</ReadFailed>}
      {isPending && <SkeletonList label="Loading the tasks" rows={3} />}
      {list?.length === 0 && (
        <div className="mt-5">
          <EmptyState title="No tasks here">{emptyWords[filter.show]}</EmptyState>
        </div>
      )}
      <ul aria-label="Tasks" className="mt-3 divide-y divide-rule">
        {list?.map((task) => (
          <li key={task.id} className="py-4">
            <TaskRow
              task={task}
              href={`${path}/${task.submission.id}`}
              viewerId={viewer.userId}
              isBusy={take.isPending}
              onTake={(isTaken) => take.mutate({ taskId: task.id, isTaken })}
            />
          </li>
        ))}
      </ul>
      <CutNote rows={list}>
        The {filter.status === "open" ? "oldest" : "newest"} {listedAtMost} tasks are shown.
      </CutNote>
    </>
  );
}

const emptyWords: Readonly<Record<TaskFilter["show"], string>> = {
  mine: "Tasks that you take, and changes that editors request from you, appear here.",
  roles: "Tasks without an assignee that one of your roles allows appear here.",
  all: "Tasks appear here when members submit articles.",
};

interface TaskRowProps {
  readonly task: TaskEntry;
  readonly href: string;
  readonly viewerId: string;
  readonly isBusy: boolean;
  readonly onTake: (isTaken: boolean) => void;
}

function TaskRow({ task, href, viewerId, isBusy, onTake }: TaskRowProps) {
  const { kind, status, permission, assignee, submission, createdAt, closedAt } = task;
  const isOpen = status === "open";
  const isMine = assignee?.id === viewerId;
  const canTake = isOpen && permission !== null && submission.author.id !== viewerId;
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-5 gap-y-2">
      <div className="min-w-0 flex-1 basis-72">
        <p>
          <span className="label-caps mr-3 text-accent">{taskWords[kind]}</span>
          <Link href={href} className="text-link font-serif text-lg font-medium">
            {submission.title}
            <LinkHint />
          </Link>
        </p>
        <p className="mt-0.5 text-xs text-ink-faint">
          by {submission.author.name} · {stateWords[submission.state]} ·{" "}
          {{ open: "since", done: "done", dropped: "dropped" }[status]}{" "}
          <RelativeTime at={closedAt ?? createdAt} />
          {assignee !== null && ` · ${isMine ? "yours" : assignee.name}`}
          {assignee === null && permission !== null && ` · ${permissionWords[permission]}`}
        </p>
      </div>
      {canTake && (assignee === null || isMine) && (
        <ActionButton
          look="quiet"
          size="sm"
          aria-disabled={isBusy}
          aria-label={`${isMine ? "Give back" : "Take"}: ${taskWords[kind]} ${submission.title}`}
          onClick={() => !isBusy && onTake(!isMine)}
        >
          {isMine ? "Give back" : "Take task"}
        </ActionButton>
      )}
    </div>
  );
}
