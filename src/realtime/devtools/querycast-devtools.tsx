import { useEffect, useId, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { TraceEvent } from "../client/trace.ts";
import { useRealtime } from "../react/context.ts";
import { useRealtimeState } from "../react/use-realtime-state.ts";
import { describeState, Panel } from "./panel.tsx";
import { styles } from "./styles.ts";
import { createTraceLog } from "./trace-log.ts";

/** What happened, and when, in milliseconds since 1970. */
export interface EarlierEvent {
  readonly atMs: number;
  readonly event: TraceEvent;
}

export interface QuerycastDevtoolsProps {
  /** Open when it is mounted. Default: closed, a small button in the corner. */
  readonly initialIsOpen?: boolean;
  /**
   * What `onTrace` of the provider's config was told until this was mounted, the oldest first: without it,
   * the trace lacks what happened while this was loading. One array, pushed to. Default: nothing.
   */
  readonly earlier?: readonly EarlierEvent[];
}

const nothing: readonly EarlierEvent[] = [];

/**
 * Answers "why was this read again?": the connection, its channels, the queries bound to them, and a trace
 * of what happened since it was mounted, and before, if it is handed that. Alt + Shift + Q opens and closes
 * it, Escape closes it. For development; goes inside the `RealtimeProvider`.
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
    log.clear(); // effects run twice in development
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
    // The button is there once the panel is gone.
    requestAnimationFrame(() => toggle.current?.focus());
  };

  const content = (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears Escape from whatever has the focus inside
    <div onKeyDown={(event) => event.key === "Escape" && close()}>
      {isOpen ? (
        <>
          {/* What the panel covers can be scrolled out from under it. */}
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
