"use client";

import { useQuery } from "@tanstack/react-query";
import { count } from "@/lib/text/text.ts";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { Notice } from "@/ui/notice.tsx";
import { rolloutQuery } from "../queries.ts";
import type { KindView, PhaseView } from "../schema.ts";
import { ChannelBans } from "./channel-bans.tsx";
import { StageForm } from "./stage-form.tsx";
import { optionWords, stageWords } from "./stage-words.ts";

/** Phases and channel kinds with their rollout, subscriptions, and forms to change them. */
export function RolloutConsole() {
  const { data, error, isPending, refetch } = useQuery(rolloutQuery);
  if (isPending) return <SkeletonList label="Loading the rollout" />;
  if (data === undefined) {
    return <ReadFailed onRetry={refetch}>{error?.message}</ReadFailed>;
  }
  return (
    <>
      {error && <Notice className="mb-6">{error.message} The list may be out of date.</Notice>}
      <section>
        <SectionTitle>Phases</SectionTitle>
        <ul className="divide-y divide-rule">
          {data.phases.map((phase) => (
            <li key={phase.phase} className="py-5">
              <Phase view={phase} />
            </li>
          ))}
        </ul>
      </section>
      <section className="mt-12">
        <SectionTitle
          aside={
            data.isCounted && (
              <p className="text-sm tabular-nums">{count(data.connections, "socket")} connected</p>
            )
          }
        >
          Kinds of channels
        </SectionTitle>
        {!data.isCounted && (
          <Notice role="status" className="mt-4">
            The broker does not report subscriptions.
          </Notice>
        )}
        <ul className="divide-y divide-rule">
          {data.kinds.map((kind) => (
            <li key={kind.kind} className="py-5">
              <Kind view={kind} isCounted={data.isCounted} />
            </li>
          ))}
        </ul>
      </section>
      <ChannelBans bans={data.bans} names={data.names} />
    </>
  );
}

function Phase({ view }: { view: PhaseView }) {
  const { phase, rows, stage, isSet } = view;
  return (
    <div className="grid gap-x-8 gap-y-3 md:grid-cols-[minmax(0,1fr)_22rem]">
      <div>
        <h3 className="font-serif text-lg font-semibold">Phase {phase}</h3>
        <p className="text-sm text-ink-soft">{rows.join(", ")}</p>
        <State words={stageWords(stage)} isSet={isSet} />
      </div>
      <StageForm subject={{ phase }} stage={stage} isSet={isSet} />
    </div>
  );
}

function Kind({ view, isCounted }: { view: KindView; isCounted: boolean }) {
  const { kind, pattern, rows, phases, stage, audience, options, isSet } = view;
  const limits = optionWords(options);
  const narrowed = audience === "everyone" ? "" : `, ${audience} only`;
  return (
    <div className="grid gap-x-8 gap-y-3 md:grid-cols-[minmax(0,1fr)_22rem]">
      <div>
        <h3 className="font-mono text-sm font-semibold break-all">{pattern}</h3>
        <p className="mt-1 text-sm text-ink-soft">{rows.join(", ")}</p>
        <p className="text-xs text-ink-faint">
          {phases.length === 1 ? "Phase" : "Phases"} {phases.join(", ")}
        </p>
        <State words={`${stageWords(stage)}${narrowed}`} isSet={isSet} />
        {limits !== "" && <p className="mt-1 text-sm">{limits}</p>}
        {isCounted && (
          <p className="mt-1 text-sm tabular-nums">
            {count(view.subscriptions, "subscription")} on {count(view.channels, "channel")}
          </p>
        )}
      </div>
      <StageForm
        subject={{ kind }}
        stage={stage}
        audience={audience}
        options={options}
        isSet={isSet}
      />
    </div>
  );
}

function State({ words, isSet }: { words: string; isSet: boolean }) {
  return (
    <p className="mt-2 text-sm">
      <span className="font-semibold">{words}</span>{" "}
      <span className="text-xs text-ink-faint">
        {isSet ? "Set by an admin" : "Default setting"}
      </span>
    </p>
  );
}
