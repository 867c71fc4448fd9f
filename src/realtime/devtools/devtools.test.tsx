import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, waitFor, within } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { TraceEvent } from "../client/trace.ts";
import { channel, defineChannels } from "../protocol/channel.ts";
import { ids } from "../protocol/ids.ts";
import { live } from "../query/binding/live.ts";
import { RealtimeProvider } from "../react/provider.tsx";
import { createFakeBroker } from "../testing/fakes/fake-broker.ts";
import { createFakeClock } from "../testing/fakes/fake-clock.ts";
import { createFakeEnvironment } from "../testing/fakes/fake-environment.ts";
import { createFakeRoute } from "../testing/fakes/fake-route.ts";
import { describeTime } from "./describe.ts";
import { type EarlierEvent, QuerycastDevtools } from "./querycast-devtools.tsx";

const channels = defineChannels({
  article: channel("article.{articleId}").signal("comment.created", ids("commentId")),
});
const article = channels.article({ articleId: "a1" });

beforeEach(() => {
  // jsdom has no constructed style sheets.
  vi.stubGlobal(
    "CSSStyleSheet",
    class {
      replaceSync() {}
    },
  );
});
afterEach(cleanup);

function Comments() {
  const { data } = useQuery(
    live({ queryKey: ["comments"], queryFn: async () => "read" }, [article]),
  );
  return <p>{data}</p>;
}

/** A page to which the panel is added later, as if it was loaded lazily. */
async function setUp() {
  const earlier: EarlierEvent[] = [];
  const broker = createFakeBroker();
  const clock = createFakeClock();
  const config = {
    channels,
    transport: broker.transport,
    fetch: createFakeRoute().fetch,
    clock,
    environment: createFakeEnvironment(),
    random: () => 0.5,
    onTrace: (event: TraceEvent) => earlier.push({ event, atMs: earlier.length * 1_000 }),
  };
  const queryClient = new QueryClient();
  const page = (panel?: ReactNode) => (
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RealtimeProvider config={config}>
          <Comments />
          {panel}
        </RealtimeProvider>
      </QueryClientProvider>
    </StrictMode>
  );
  const { container, rerender } = render(page());
  const advance = (ms: number) => act(() => clock.advance(ms));
  await advance(2_000);
  rerender(page(<QuerycastDevtools earlier={earlier} />));
  await advance(0);
  const root = container.querySelector("[data-querycast-devtools]")?.shadowRoot;
  if (!root) throw new Error("There is no shadow root.");
  const panel = within(root as unknown as HTMLElement);
  const publish = (commentId: string) =>
    broker.publish("private-article.a1.e0", {
      id: `id-of-${commentId}`,
      name: "comment.created",
      ids: [{ commentId }],
      origin: undefined,
    });
  return { panel, advance, earlier, publish };
}

const shortcut = { code: "KeyQ", altKey: true, shiftKey: true };

test("the closed panel is a button with the state of the connection", async () => {
  const { panel } = await setUp();
  const toggle = panel.getByRole("button", { name: "Querycast: live" });
  expect(toggle.getAttribute("aria-expanded")).toBe("false");
  expect(panel.queryByRole("region", { name: "Querycast developer tools" })).toBeNull();
  fireEvent.click(toggle);
  expect(panel.getByRole("region", { name: "Querycast developer tools" })).toBeDefined();
});

test("the keyboard opens and closes the panel, and closing returns the focus", async () => {
  const { panel } = await setUp();
  fireEvent.keyDown(window, shortcut);
  const opened = panel.getByRole("region", { name: "Querycast developer tools" });
  fireEvent.keyDown(opened, { key: "Escape" });
  expect(panel.queryByRole("region", { name: "Querycast developer tools" })).toBeNull();
  const toggle = panel.getByRole("button");
  await waitFor(() => expect((toggle.getRootNode() as ShadowRoot).activeElement).toBe(toggle));
  fireEvent.keyDown(window, shortcut);
  fireEvent.keyDown(window, shortcut);
  expect(panel.queryByRole("region", { name: "Querycast developer tools" })).toBeNull();
});

test("the panel shows why each query was fetched, and how many fetches were avoided", async () => {
  const { panel, advance, publish } = await setUp();
  fireEvent.keyDown(window, shortcut);
  publish("c1");
  publish("c2");
  publish("c2"); // a duplicate
  await advance(1_000);
  const queries = within(panel.getByRole("region", { name: "Queries" }));
  expect(queries.getByText(/comment.created on article.a1 \(2×\)/)).toBeDefined();
  const channelList = within(panel.getByRole("region", { name: "Channels" }));
  expect(channelList.getByText("article.a1")).toBeDefined();
  expect(channelList.getByText(/^live, cursor/)).toBeDefined();
  expect(panel.getByText("Signals: 2 · fetches: 1 · avoided: 1")).toBeDefined();
  const trace = within(panel.getByRole("region", { name: "Trace" }));
  expect(
    trace.getByText(/comment.created on article.a1 \(id-of-\) arrived again and was ignored/),
  ).toBeDefined();
  fireEvent.click(panel.getByRole("button", { name: "Clear" }));
  expect(trace.getByText(/No events yet/)).toBeDefined();
});

test("the trace begins before the panel has loaded, without duplicates, and continues", async () => {
  const { panel, advance, earlier, publish } = await setUp();
  fireEvent.keyDown(window, shortcut);
  const before = earlier.filter(({ event }) => event.type === "fetch");
  expect(before).toHaveLength(1);
  const lines = () =>
    within(panel.getByRole("region", { name: "Trace" }))
      .getAllByRole("listitem")
      .map((line) => line.textContent ?? "")
      .filter((line) => line.includes("is fetched"));
  expect(lines()).toEqual(
    before.map(({ atMs }) => `${describeTime(atMs)} ["comments"] is fetched: gap on article.a1`),
  );
  publish("c1");
  await advance(1_000);
  expect(lines()).toHaveLength(2);
  expect(lines()[0]).toContain("comment.created on article.a1");
});
