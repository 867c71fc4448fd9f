import { MutationObserver, type UseMutationOptions } from "@tanstack/react-query";
import { expect, onTestFinished, vi } from "vitest";
import type { TraceEvent } from "../../../src/realtime/client/trace.ts";
import { publishedOrigin } from "../../../src/realtime/protocol/origin.ts";
import {
  liveMutation,
  type ShowChange,
} from "../../../src/realtime/query/mutation/live-mutation.ts";
import { a1, setUp } from "./bridge-rig.ts";

/** A list on a server, a tab that shows it, and mutations that the test lets succeed or fail. */
export function openTab({ hasBridge = true } = {}) {
  const trace: TraceEvent[] = [];
  const rig = setUp({ onTrace: (event) => trace.push(event) });
  const { clock, queryClient } = rig;
  if (!hasBridge) rig.detach();
  const server = { list: ["old"] as readonly string[] };

  const mount = (key: string) => {
    const counter = { reads: 0, failsNext: false };
    const { data } = rig.mount(key, [a1], () => {
      counter.reads += 1;
      const seen = server.list;
      const fails = counter.failsNext;
      counter.failsNext = false;
      return new Promise<readonly string[]>((resolve, reject) =>
        clock.after(100, () => (fails ? reject(new Error("away")) : resolve(seen))),
      );
    });
    return { counter, shown: data };
  };

  const publish = (origin?: string) => rig.publish(a1, "comment.created", { origin });

  /** Begins a mutation. Resolves when it has reached the server. */
  const begin = async (
    optimistic?: (text: string, show: ShowChange) => void,
    options: Partial<UseMutationOptions<string, Error, string>> = {},
    text = "new",
  ) => {
    let answer: { ok(): void; fail(): void } | undefined;
    let sent = "";
    const mutation = new MutationObserver(
      queryClient,
      liveMutation<string, Error, string>({
        ...options,
        mutationFn: (variables, { origin }) => {
          sent = origin;
          return new Promise((resolve, reject) => {
            answer = {
              ok: () => resolve(variables),
              fail: () => reject(new Error("refused")),
            };
          });
        },
        ...(optimistic && { optimistic }),
      }),
    );
    onTestFinished(mutation.subscribe(() => {}));
    mutation.mutate(text).catch(() => {});
    await vi.waitFor(() => expect(answer).toBeDefined());
    const given = answer as unknown as { ok(): void; fail(): void };
    const origin = await publishedOrigin(sent);
    return { origin, sent, ok: () => given.ok(), fail: () => given.fail() };
  };
  const append = (text: string, show: ShowChange) =>
    show<readonly string[]>(["list"], (list) => [...list, text]);
  return { ...rig, server, trace, mount, publish, begin, append };
}
