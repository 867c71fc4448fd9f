import { useEffect, useId, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { TraceEvent } from "../client/trace.ts";
import { useRealtime } from "../react/context.ts";
import { useRealtimeState } from "../react/use-realtime-state.ts";
import { describeState, Panel } from "./panel.tsx";
import { styles } from "./styles.ts";
import { createTraceLog } from "./trace-log.ts";

/** A trace event with its time in ms since 1970. */
export interface EarlierEvent {
  readonly atMs: number;
  readonly event: TraceEvent;
}

/** Props of {@link QuerycastDevtools}. */
export interface QuerycastDevtoolsProps {
  /** Whether the panel is open at first. Default false: only a button in the corner. */
  readonly initialIsOpen?: boolean;
  /**
   * Events of `onTrace` from before the panel was loaded, oldest first, to be shown in the trace. Pass the
   * same array in every render. Default: none.
   */
  readonly earlier?: readonly EarlierEvent[];
}

const nothing: readonly EarlierEvent[] = [];

/**
 * A panel that shows why queries were fetched: the connection, its channels, the queries bound to them, and a
 * trace of events. Alt + Shift + Q opens and closes it, Escape closes it. For development. Render it inside
 * the `RealtimeProvider`.
 */
export function QuerycastDevtools(props: QuerycastDevtoolsProps) {
  const { initialIsOpen = false, earlier = nothing } = props;
  const { client } = useRealtime();
  const state = useRealtimeState();
  const [log] = useState(() => createTraceLog());
  const [isOpen, setIsOpen] = useState(initialIsOpen);
  const [root, setRoot] = useState<ShadowRoot | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const toggle = useRef<HTMLButtonElement>(null);
  const panelId = useId();

  useEffect(() => {
    log.clear(); // StrictMode runs effects twice
    for (const { event, atMs } of earlier) log.record(event, atMs);
    return client.tracing.listen(log.record);
  }, [client, log, earlier]);
  useEffect(() => setRoot(host.current && openRoot(host.current)), []);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.altKey && event.shiftKey && event.code === "KeyQ") {
        event.preventDefault();
        setIsOpen((before) => !before);
      }
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);

  const close = () => {
    setIsOpen(false);
    // In the next frame, when the button has replaced the panel.
    requestAnimationFrame(() => toggle.current?.focus());
  };

  const content = (
    // biome-ignore lint/a11y/noStaticElementInteractions: handles Escape of all elements inside
    <div onKeyDown={(event) => event.key === "Escape" && close()}>
      {isOpen ? (
        <>
          {/* Space at the end of the page, so that the panel covers no content. */}
          <div className="room" />
          <Panel id={panelId} state={state} log={log} onClose={close} />
        </>
      ) : (
        <button
          ref={toggle}
          type="button"
          className="toggle"
          aria-expanded={false}
          aria-controls={panelId}
          aria-keyshortcuts="Alt+Shift+Q"
          title="Querycast developer tools (Alt + Shift + Q)"
          onClick={() => setIsOpen(true)}
        >
          <span className={`dot ${state.status}`} />
          Querycast: {describeState(state)}
        </button>
      )}
    </div>
  );
  return (
    <div ref={host} data-querycast-devtools="">
      {root !== null && createPortal(content, root)}
    </div>
  );
}

function openRoot(host: HTMLElement): ShadowRoot {
  if (host.shadowRoot !== null) return host.shadowRoot;
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  return root;
}
