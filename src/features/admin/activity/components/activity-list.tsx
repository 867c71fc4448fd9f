"use client";

import type { MessageOf } from "querycast";
import { useMessages } from "querycast/react";
import { useState } from "react";
import { channels } from "@/channels/index.ts";
import { idsIn } from "@/lib/text/names.ts";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { Link } from "@/ui/link.tsx";

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
  if (acts.length === 0) {
    return (
      <EmptyState title="No activity yet">
        Actions of admins and sign-ups appear here as they happen.
      </EmptyState>
    );
  }
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
