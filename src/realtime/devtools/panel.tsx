import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { bindingsOf } from "../query/binding/live.ts";
import type { PageState } from "../query/state/live-state.ts";
import { useRealtime } from "../react/context.ts";
import { describeAge, describeCauses, describeEvent, describeTime, reasons } from "./describe.ts";
import type { QueryLog, TraceLog, TraceLogState } from "./trace-log.ts";

export interface PanelProps {
  readonly id: string;
  readonly state: PageState;
  readonly log: TraceLog;
  readonly onClose: () => void;
}

/** Shows the joined channels, the bound queries and the trace. */
export function Panel({ id, state, log, onClose }: PanelProps) {
  const nowMs = useNowMs();
  const { bridge } = useRealtime();
  const { events, queries } = useSyncExternalStore(log.onChange, log.get, log.get);
  const { signals, fetches, avoided } = bridge.counts();
  return (
    <section id={id} className="panel" aria-label="Querycast developer tools">
      <header>
        <h2>Querycast</h2>
        <span className="state">
          <span className={`dot ${state.status}`} />
          {describeState(state)}
          <span className="soft">caught up {describeAge(state.lastCaughtUpAt, nowMs)}</span>
        </span>
        <span>
          Signals: {signals} · fetches: {fetches} · avoided: {avoided}
        </span>
        <span className="actions">
          <button type="button" onClick={log.clear}>
            Clear
          </button>
          <button type="button" onClick={onClose}>
            Close
          </button>
        </span>
      </header>
      <div className="columns">
        <ChannelList nowMs={nowMs} />
        <QueryList queries={queries} nowMs={nowMs} />
        <EventList events={events} />
      </div>
    </section>
  );
}

interface ColumnProps {
  readonly label: string;
  readonly title: string;
  readonly children: ReactNode;
}

function Column({ label, title, children }: ColumnProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area needs focus to scroll by keyboard
    <section aria-label={label} tabIndex={0}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function ChannelList({ nowMs }: { readonly nowMs: number }) {
  const channels = useRealtime().client.inspect();
  return (
    <Column label="Channels" title={`Channels (${channels.length})`}>
      {channels.length === 0 && <p className="soft">No mounted query is bound to a channel.</p>}
      <ul>
        {channels.map(({ channel, joinState, cursorAtMs }) => (
          <li key={channel}>
            <code>{channel}</code>
            <p className={joinState === "denied" ? "bad" : "soft"}>
              {joinState ?? "not connected"}, cursor {describeAge(cursorAtMs, nowMs)}
            </p>
          </li>
        ))}
      </ul>
    </Column>
  );
}

interface QueryListProps {
  readonly queries: TraceLogState["queries"];
  readonly nowMs: number;
}

function QueryList({ queries, nowMs }: QueryListProps) {
  const bound = useQueryClient()
    .getQueryCache()
    .getAll()
    .filter((query) => bindingsOf(query).length > 0);
  return (
    <Column label="Queries" title={`Bound queries (${bound.length})`}>
      <ul>
        {bound.map((query) => (
          <li key={query.queryHash}>
            <code>{query.queryHash}</code>{" "}
            {!query.isActive() && <span className="soft">(not mounted)</span>}
            <QueryStory story={queries.get(query.queryHash)} nowMs={nowMs} />
          </li>
        ))}
      </ul>
    </Column>
  );
}

interface QueryStoryProps {
  readonly story: QueryLog | undefined;
  readonly nowMs: number;
}

function QueryStory({ story, nowMs }: QueryStoryProps) {
  if (story === undefined) return <p className="soft">No events yet.</p>;
  const { fetches, lastFetchAtMs, lastCauses, pending, waitsBecause, outcome } = story;
  return (
    <>
      {fetches > 0 && (
        <p>
          Fetched {fetches}×, last {describeAge(lastFetchAtMs, nowMs)}: {describeCauses(lastCauses)}
          {outcome === "error" && <span className="bad"> (failed)</span>}
        </p>
      )}
      {pending.length > 0 && (
        <p className="soft">
          Stale: {describeCauses(pending)}
          {waitsBecause !== undefined && `; waits: ${reasons[waitsBecause]}`}
        </p>
      )}
    </>
  );
}

function EventList({ events }: { readonly events: TraceLogState["events"] }) {
  return (
    <Column label="Trace" title="Trace">
      {events.length === 0 && <p className="soft">No events yet.</p>}
      <ol>
        {events.map(({ key, atMs, event }) => (
          <li key={key}>
            <time>{describeTime(atMs)}</time> {describeEvent(event)}
          </li>
        ))}
      </ol>
    </Column>
  );
}

export function describeState(state: PageState): string {
  if (state.status === "partly-live") return `partly live (${state.notLive.length} not live)`;
  if (state.status === "offline") return `offline (${state.reason})`;
  return state.status === "degraded" ? `degraded (${state.cause})` : state.status;
}

/** Renders every second, because ages grow and `client.inspect` reports no changes. */
function useNowMs(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
