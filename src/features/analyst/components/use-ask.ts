"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { decodeFrames, type ToolName } from "@/lib/analyst/frames.ts";
import { createId } from "@/lib/create-id.ts";
import { readError } from "@/lib/http/fetch-json.ts";
import { pageHeaders } from "@/lib/pages/page-viewer.ts";
import { analystKeys } from "../keys.ts";

/** An answer while it arrives. */
export interface AskState {
  readonly answerId: string;
  readonly question: string;
  readonly text: string;
  readonly tool: ToolName | null;
  /** `incomplete`: the stream ended without its last frame. `refused`: the question was not accepted. */
  readonly status: "streaming" | "done" | "incomplete" | "refused";
  readonly message: string;
  /** The result of the server's check. Null before it. */
  readonly grounded: boolean | null;
}

/** Asks the analyst, and follows the stream of the answer. Leaving the page or asking again cancels it. */
export function useAsk(publicationId: string) {
  const queryClient = useQueryClient();
  const [state, setState] = useState<AskState | null>(null);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function ask(question: string): Promise<void> {
    running.current?.abort();
    const request = new AbortController();
    running.current = request;
    const answerId = createId();
    const update = (change: Partial<AskState>) => {
      if (running.current === request) {
        setState((before) => (before === null ? before : { ...before, ...change }));
      }
    };
    setState({
      ...{ answerId, question, text: "", tool: null, status: "streaming" },
      ...{ message: "", grounded: null },
    });
    try {
      await follow({ publicationId, answerId, question }, request.signal, update);
    } catch {
      update({ status: "incomplete" });
    }
    // The stream is a convenience: the page shows what the server has stored.
    await queryClient.invalidateQueries({ queryKey: analystKeys.answers(publicationId) });
  }
  return { state, ask, stop: () => running.current?.abort() };
}

async function follow(
  input: { readonly publicationId: string; readonly answerId: string; readonly question: string },
  signal: AbortSignal,
  update: (change: Partial<AskState>) => void,
): Promise<void> {
  const response = await fetch("/api/analyst", {
    method: "POST",
    body: JSON.stringify(input),
    headers: { ...pageHeaders(), "content-type": "application/json" },
    signal,
  });
  if (!response.ok || response.body === null) {
    const { message } = await readError(response);
    update({ status: "refused", message });
    return;
  }
  let text = "";
  for await (const frame of decodeFrames(response.body)) {
    if (frame.type === "tool_start") update({ tool: frame.name });
    else if (frame.type === "text") {
      text += frame.content;
      update({ text, tool: null });
    } else {
      update({ status: "done", tool: null, grounded: frame.grounded });
      return;
    }
  }
  update({ status: "incomplete" });
}
