"use client";

import type { ChannelState, MessageOf } from "querycast";
import { useMessages, useRealtime } from "querycast/react";
import { useState, useSyncExternalStore } from "react";
import { channels } from "@/channels/index.ts";
import { idsIn } from "@/lib/text/names.ts";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Link } from "@/ui/link.tsx";
import { Notice } from "@/ui/notice.tsx";

type Act = MessageOf<NonNullable<ReturnType<typeof channels.activity>["~messages"]>>;

const mostActs = 20;

/** The last acts of admins and sign-ups, newest first: those that the server replays, then each as it happens. */
export function ActivityList() {
  const [acts, setActs] = useState<readonly Act[]>([]);
  useMessages(channels.activity({}), (act) =>
    setActs((before) =>
      before.some(({ id }) => id === act.id)
        ? before
        : [...before, act].sort((one, other) => other.sentAtMs - one.sentAtMs).slice(0, mostActs),
    ),
  );
  if (acts.length === 0) return <NoActs />;
  return (
    <ol aria-label="Activity" className="divide-y divide-rule border-y border-rule">
      {acts.map((act) => (
        <li key={act.id} className="flex flex-wrap items-baseline justify-between gap-x-6 py-2.5">
          <span className="min-w-0 break-words">
            <Link href={`/people/${act.fields.handle}`} className="font-semibold text-link">
              @{act.fields.handle}
            </Link>{" "}
            <What act={act} />
          </span>
          <RelativeTime
            at={new Date(act.sentAtMs).toISOString()}
            className="text-sm whitespace-nowrap text-ink-soft"
          />
        </li>
      ))}
    </ol>
  );
}

/** In place of the list: the channel is being joined, has no acts in memory, or is not delivered. */
function NoActs() {
  const { client } = useRealtime();
  const status = useSyncExternalStore(
    client.onChannelStateChange,
    () => statusOf(client.channelState(channels.activity({}).name)),
    () => "loading",
  );
  if (status === "loading") return <SkeletonList label="Loading the activity" />;
  if (status === "failed") {
    return (
      <Notice role="status">
        The activity cannot be shown, because this page receives no live updates now. The audit log
        has all actions of admins.
      </Notice>
    );
  }
  return (
    <EmptyState title="No activity in memory">
      Actions of admins and sign-ups appear here as they happen. The audit log has earlier actions
      of admins.
    </EmptyState>
  );
}

/** A channel is idle until the page has subscribed. */
function statusOf(state: ChannelState): "loading" | "live" | "failed" {
  if (state.status === "live") return "live";
  const isIdle = state.status === "offline" && state.reason === "idle";
  return isIdle || state.status === "catching-up" ? "loading" : "failed";
}

/** The subject is shown only if it has no ids, which say nothing to a person. The audit log has it in words. */
function What({ act }: { act: Act }) {
  if (act.type === "person.joined") return "signed up";
  const { action, subject } = act.fields;
  return (
    <>
      <code className="font-mono text-xs">{action}</code>{" "}
      {idsIn(subject).length === 0 && (
        <span className="font-mono text-2xs text-ink-faint">{subject} </span>
      )}
      <Link
        href={`/admin/audit?${new URLSearchParams({ action, subject })}`}
        className="text-sm text-link"
      >
        View audit entry<span className="sr-only"> of {action}</span>
      </Link>
    </>
  );
}
