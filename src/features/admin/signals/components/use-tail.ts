"use client";

import { useEffect, useState } from "react";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import type { Names } from "@/lib/text/names.ts";
import type { SignalFilter, SignalRow, SignalTail } from "../schema.ts";

const everyMs = 1_000;
const shownAtMost = 200;

export interface Tail {
  /** Newest first. */
  readonly signals: readonly SignalRow[];
  readonly names: Names;
  readonly error: string | null;
}

/** Follows the log while `isOn` and the page is visible. */
export function useTail({ channel, name }: SignalFilter, isOn: boolean): Tail {
  const [tail, setTail] = useState<Tail>({ signals: [], names: {}, error: null });
  useEffect(() => {
    if (!isOn) return;
    const controller = new AbortController();
    let position: string | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      if (!document.hidden) {
        try {
          const path = withParams("/api/admin/signals/tail", { channel, name, position });
          const news: SignalTail = await fetchJson<SignalTail>(path, controller.signal);
          position = news.position;
          setTail(({ signals, names }) => ({
            signals: [...[...news.signals].reverse(), ...signals].slice(0, shownAtMost),
            names: { ...names, ...news.names },
            error: null,
          }));
        } catch (error) {
          if (controller.signal.aborted) return;
          const message = error instanceof Error ? error.message : "The log cannot be followed.";
          setTail(({ signals, names }) => ({ signals, names, error: message }));
        }
      }
      if (!controller.signal.aborted) timer = setTimeout(() => void look(), everyMs);
    };
    void look();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [channel, name, isOn]);
  return tail;
}
