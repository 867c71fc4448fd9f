import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, expect, test, vi } from "vitest";
import {
  article,
  Comments,
  channels,
  setUp,
  wireName,
} from "../../../tests/support/rigs/react-rig.tsx";
import { useInvalidation } from "./use-invalidation.ts";
import { useRealtimeState } from "./use-realtime-state.ts";
import { useSignals } from "./use-signals.ts";

afterEach(cleanup);

function Status() {
  return <output>{useRealtimeState().status}</output>;
}

interface ToastProps {
  readonly target: typeof article | null;
  readonly say: (commentId: string | undefined) => void;
}
function Toast({ target, say }: ToastProps) {
  useSignals(target, { "comment.created": ({ ids: changes }) => say(changes?.[0]?.commentId) });
  return null;
}

function Elsewhere() {
  const read = async () => 1;
  useQuery({ queryKey: ["count", "c1"], queryFn: read, staleTime: Number.POSITIVE_INFINITY });
  useQuery({ queryKey: ["count", "c2"], queryFn: read, staleTime: Number.POSITIVE_INFINITY });
  useInvalidation(article, (signal) =>
    signal?.ids === undefined
      ? [["count"]]
      : signal.ids.map(({ commentId }) => ["count", commentId]),
  );
  return null;
}

test("StrictMode's double mount leaves one socket and one subscription", async () => {
  const { broker, wrap, advance } = setUp();
  render(<StrictMode>{wrap(<Comments />)}</StrictMode>);
  await advance(10_000);
  expect(broker.attempts()).toBe(1);
  expect(broker.log).toEqual([`+${wireName}`]);
});

test("two components share a channel, and each receives signals after the other unmounts", async () => {
  const { broker, queryClient, wrap, advance, publish } = setUp();
  const { rerender } = render(
    wrap([<Comments key="1" label="one" />, <Comments key="2" label="two" />]),
  );
  await advance(1_000);
  rerender(wrap(<Comments key="2" label="two" />));
  await advance(10_000);
  const before = queryClient.getQueryState(["two"])?.dataUpdateCount ?? 0;
  publish();
  await advance(1_000);
  expect(queryClient.getQueryState(["two"])?.dataUpdateCount).toBe(before + 1);
  expect(broker.log).toEqual([`+${wireName}`]);
});

test("the channel is left and the socket closed 3 s after the last component", async () => {
  const { broker, clock, wrap, advance } = setUp();
  const { unmount } = render(wrap(<Comments />));
  await advance(1_000);
  unmount();
  await advance(2_999);
  expect(broker.sockets.size).toBe(1);
  await advance(1);
  expect(broker.sockets.size).toBe(0);
  expect(clock.pending()).toBe(0);
});

test("a signal updates a query that is bound with live()", async () => {
  const { wrap, advance, publish } = setUp();
  render(wrap(<Comments />));
  await advance(1_000);
  const before = screen.getByTestId("comments").textContent;
  publish();
  await advance(1_000);
  await waitFor(() => expect(screen.getByTestId("comments").textContent).not.toBe(before));
});

test("with another session a signed-out page connects again, updates with the next signal and keeps typed text", async () => {
  const { broker, route, wrap, advance, publish } = setUp();
  const page = [<Status key="s" />, <Comments key="c" />, <input key="i" aria-label="text" />];
  const { rerender } = render(wrap(page));
  await advance(1_000);
  const field = screen.getByLabelText("text") as HTMLInputElement;
  field.value = "Not sent yet";
  route.failWith({ status: 401, code: "unauthenticated" });
  await act(async () => broker.cut());
  await advance(10_000);
  expect(screen.getByRole("status").textContent).toBe("offline");

  route.failWith(undefined);
  rerender(wrap(page));
  await advance(60_000);
  expect(screen.getByRole("status").textContent).toBe("offline");
  rerender(wrap(page, 1));
  await advance(10_000);
  expect(screen.getByRole("status").textContent).toBe("live");
  const before = screen.getByTestId("comments").textContent;
  publish();
  await advance(1_000);
  await waitFor(() => expect(screen.getByTestId("comments").textContent).not.toBe(before));
  expect(broker.sockets.size).toBe(1);
  expect(screen.getByLabelText("text")).toBe(field);
  expect(field.value).toBe("Not sent yet");
});

test("useRealtimeState returns the state of the page", async () => {
  const { broker, wrap, advance } = setUp();
  render(wrap([<Status key="s" />, <Comments key="c" />]));
  await advance(1_000);
  expect(screen.getByRole("status").textContent).toBe("live");
  await act(async () => broker.stop());
  expect(screen.getByRole("status").textContent).toBe("degraded");
});

test("S3.20 without a transport queries fetch, and nothing else happens", async () => {
  const { broker, route, wrap, advance } = setUp({ isSignedIn: false });
  render(wrap([<Status key="s" />, <Comments key="c" />]));
  await advance(60_000);
  await waitFor(() => expect(screen.getByTestId("comments").textContent).not.toBe("loading"));
  expect(screen.getByRole("status").textContent).toBe("offline");
  expect([broker.attempts(), route.requests.length]).toEqual([0, 0]);
});

test("on a server the provider only renders", () => {
  const { broker, clock, wrap } = setUp();
  expect(renderToString(wrap([<Status key="s" />, <Comments key="c" />]))).toContain("offline");
  expect([broker.attempts(), clock.pending()]).toEqual([0, 0]);
});

test("useSignals calls the latest handler, for declared signals with declared ids", async () => {
  const { broker, wrap, advance, publish } = setUp();
  const received: string[] = [];
  const toast = (label: string, target: typeof article | null) => (
    <Toast target={target} say={(commentId) => received.push(`${label} ${commentId}`)} />
  );
  const { rerender } = render(wrap(toast("first", null)));
  await advance(1_000);
  expect(broker.attempts()).toBe(0);
  rerender(wrap(toast("first", article)));
  await advance(1_000);
  publish("c1");
  rerender(wrap(toast("second", channels.article({ articleId: "a1" }))));
  publish("c2");
  broker.send(wireName, "comment.created", { v: 1, id: "x", ids: [{ otherId: "c3" }] });
  broker.send(wireName, "poll.closed", {});
  expect(received).toEqual(["first c1", "second c2", "second undefined"]);
  expect(broker.log).toEqual([`+${wireName}`]);
});

test("useInvalidation invalidates the queries of a signal, and all its queries when signals may have been missed", async () => {
  const { broker, queryClient, wrap, advance, publish } = setUp();
  render(wrap(<Elsewhere />));
  await advance(1_000);
  const counts = () =>
    ["c1", "c2"].map((id) => queryClient.getQueryState(["count", id])?.dataUpdateCount ?? 0);
  const [one = 0, two = 0] = counts();
  publish("c1");
  await advance(1_000);
  expect(counts()).toEqual([one + 1, two]);
  broker.send(wireName, "poll.closed", {});
  await advance(1_000);
  expect(counts()).toEqual([one + 2, two + 1]);
});

test("without a provider the hooks throw an error that names it", () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const lonely = () =>
    render(
      <QueryClientProvider client={new QueryClient()}>
        <Status />
      </QueryClientProvider>,
    );
  expect(lonely).toThrow("No RealtimeProvider above this component");
});
