"use client";

import { useQuery } from "@tanstack/react-query";
import { ChannelName } from "@/ui/data/id-name.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Check } from "@/ui/icons.ts";
import { Notice } from "@/ui/notice.tsx";
import { CircleQuestionMark, X } from "@/ui/page-icons.ts";
import type { AccessExplanation, AccessStep } from "@/wiring/context-types.ts";
import { explanationQuery } from "../queries.ts";
import type { ExplainInput } from "../schema.ts";

const words: Record<AccessExplanation["decision"], string> = {
  allowed: "Access allowed: live updates are delivered.",
  denied: "Access denied: no live updates are delivered.",
  off: "May read the page, but live updates are off for this person.",
  unavailable:
    "The rules cannot be checked now, so no live updates are delivered. Try again in a moment.",
};

const marks: Record<AccessStep["answer"], typeof Check> = {
  yes: Check,
  no: X,
  unavailable: CircleQuestionMark,
};

/** The access check of one person and one channel, step by step. */
export function Explanation({ input }: { input: ExplainInput }) {
  const { data, error, isPending } = useQuery(explanationQuery(input));
  if (isPending) return <SkeletonList label="Checking the rules" />;
  if (data === undefined) return <Notice>{error?.message}</Notice>;
  return (
    <>
      <p className="mb-2 text-sm">
        <ChannelName name={data.channel} names={data.names} />
      </p>
      <p role="status" className="font-serif text-xl font-semibold">
        {words[data.decision]}
      </p>
      <ol className="mt-4 space-y-4">
        {data.steps.map(({ question, answer, because }) => {
          const Mark = marks[answer];
          return (
            <li key={question} className="flex gap-3">
              <Mark
                aria-label={answer}
                className={`mt-1 size-4 shrink-0 ${answer === "yes" ? "text-ink" : "text-danger"}`}
              />
              <div>
                <p className="font-semibold">{question}</p>
                <p className="text-sm text-ink-soft">{because}</p>
              </div>
            </li>
          );
        })}
      </ol>
      {data.policies.length > 0 && (
        <div className="mt-6">
          <p className="label-caps text-ink-faint">Policies the rule reads under</p>
          <ul className="mt-2 space-y-3">
            {data.policies.map(({ table, name, using }) => (
              <li key={name} className="code-file">
                <p className="font-mono text-xs font-semibold">
                  {name} on {table}
                </p>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area needs focus to scroll by keyboard */}
                <pre tabIndex={0} className="mt-1">
                  <code>{using}</code>
                </pre>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
