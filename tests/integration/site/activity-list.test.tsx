// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen } from "@testing-library/react";
import { RealtimeProvider } from "querycast/react";
import { afterEach, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { ActivityList } from "@/features/admin/activity/components/activity-list.tsx";
import { createFakeParts } from "../../support/rigs/fake-parts.ts";

afterEach(cleanup);

function open() {
  const { broker, route, clock, options } = createFakeParts();
  route.keep(channels.activity({}).name, []);
  const config = { ...options, channels };
  const show = () =>
    render(
      <QueryClientProvider client={new QueryClient()}>
        <RealtimeProvider config={config}>
          <ActivityList />
        </RealtimeProvider>
      </QueryClientProvider>,
    );
  return { broker, show, advance: (ms: number) => act(() => clock.advance(ms)) };
}

test("the activity is loading until its channel is joined, and only then it is empty", async () => {
  const { show, advance } = open();
  show();
  expect(screen.getByRole("status", { name: "Loading the activity" })).toBeTruthy();
  expect(screen.queryByText("No activity in memory")).toBeNull();
  await advance(100);
  expect(screen.getByText("No activity in memory")).toBeTruthy();
  expect(screen.queryByRole("status", { name: "Loading the activity" })).toBeNull();
});

test("without a connection the page says that the activity cannot be shown", async () => {
  const { broker, show, advance } = open();
  broker.stop();
  show();
  await advance(5_000);
  expect(screen.getByRole("status").textContent).toContain("The activity cannot be shown");
  expect(screen.queryByText("No activity in memory")).toBeNull();
});
