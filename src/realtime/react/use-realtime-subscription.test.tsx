import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, cleanup, render } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, expect, test } from "vitest";
import { createFakeParts } from "../../../tests/support/rigs/fake-parts.ts";
import { type ChannelRef, channel, defineChannels } from "../protocol/channel.ts";
import { ids } from "../protocol/ids.ts";
import { live } from "../query/binding/live.ts";
import { RealtimeProvider } from "./provider.tsx";
import { type SubscriptionEvent, useRealtimeSubscription } from "./use-realtime-subscription.ts";

const channels = defineChannels({
  team: channel("team.{teamId}").signal("task.created", ids("taskId")),
});
const one = () => channels.team({ teamId: "1" });
const two = () => channels.team({ teamId: "2" });
type Team = ReturnType<typeof one>;

afterEach(cleanup);

interface FollowerProps {
  readonly list: readonly Team[];
  readonly enabled?: boolean;
  readonly label?: string;
}

const toText = (event: SubscriptionEvent<Team>) =>
  event.type === "signal" ? `task ${event.signal.ids?.[0]?.taskId}` : event.type;

interface ReportingProps extends FollowerProps {
  report(event: string): void;
}
function Follower({ list, enabled = true, label = "", report }: ReportingProps) {
  useRealtimeSubscription({
    channels: list,
    enabled,
    onEvent: (event) => report(`${label}${event.channel.name} ${toText(event)}`),
  });
  return null;
}

function Tasks() {
  useQuery(live({ queryKey: ["tasks"], queryFn: async () => 1 }, [one()]));
  return null;
}

function setUp() {
  const { broker, route, clock, options } = createFakeParts();
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const config = { ...options, channels };
  const events: string[] = [];
  const page = (props: FollowerProps | undefined, withTasks = false) => (
    <QueryClientProvider client={queryClient}>
      <RealtimeProvider config={config}>
        {withTasks && <Tasks />}
        {props && <Follower {...props} report={(event) => events.push(event)} />}
      </RealtimeProvider>
    </QueryClientProvider>
  );
  const advance = (ms: number) => act(() => clock.advance(ms));
  let serial = 0;
  const publish = (channel: ChannelRef, taskId: string, name = "task.created") => {
    serial += 1;
    broker.publish(route.wireName(channel.name), {
      id: `s${serial}`,
      name,
      ids: [{ taskId }],
      origin: undefined,
    });
  };
  /** The events since the last call. */
  const received = () => events.splice(0);
  return { broker, route, page, advance, publish, received };
}

test("S1.10 an empty list, or `enabled: false`, opens no connection", async () => {
  const { broker, page, advance } = setUp();
  const { rerender } = render(page({ list: [] }));
  rerender(page({ list: [one()], enabled: false }));
  await advance(10_000);
  expect(broker.attempts()).toBe(0);
});

test("S1.10 all channels share one connection, and the latest callback is called", async () => {
  const { broker, page, advance, publish, received } = setUp();
  const { rerender } = render(<StrictMode>{page({ list: [one(), two()] })}</StrictMode>);
  await advance(1_000);
  expect(received()).toEqual(["team.1 gap", "team.2 gap"]);
  rerender(<StrictMode>{page({ list: [one(), two()], label: "latest " })}</StrictMode>);
  publish(one(), "t1");
  publish(two(), "t2");
  expect(received()).toEqual(["latest team.1 task t1", "latest team.2 task t2"]);
  expect(broker.attempts()).toBe(1);
});

test("S1.10 a list with other channels subscribes again; the same channels in another order or array do not", async () => {
  const { broker, page, advance, publish, received } = setUp();
  const { rerender, unmount } = render(page({ list: [one(), two()] }));
  await advance(1_000);
  rerender(page({ list: [two(), one(), one()] }));
  await advance(10_000);
  expect(broker.log).toHaveLength(2);
  received();
  rerender(page({ list: [two()] }));
  publish(one(), "t1");
  publish(two(), "t2");
  expect(received()).toEqual(["team.2 task t2"]);
  await advance(3_000);
  expect(broker.log.at(-1)).toBe("-private-team.1.e0");
  unmount();
  await advance(3_000);
  expect(broker.sockets.size).toBe(0);
});

test("S1.10 a reconnect that missed signals, and a signal of a newer build, are reported as gaps", async () => {
  const { broker, route, page, advance, publish, received } = setUp();
  render(page({ list: [one()] }));
  await advance(1_000);
  received();
  publish(one(), "t1", "task.archived");
  expect(received()).toEqual(["team.1 gap"]);
  await act(async () => broker.stop());
  route.forget();
  broker.start();
  await advance(60_000);
  expect(received()).toEqual(["team.1 gap"]);
});

test("S1.10 the end of the right to read is reported, also to a subscription that begins later", async () => {
  const { broker, route, page, advance, received } = setUp();
  const { rerender } = render(page({ list: [one()] }, true));
  await advance(1_000);
  received();
  route.deny("team.1");
  broker.send(route.wireName("team.1"), "querycast.moved", "{}");
  await advance(2_000);
  expect(received().slice(0, 2)).toEqual(["team.1 gap", "team.1 revoked"]);
  rerender(page(undefined, true));
  rerender(page({ list: [one()] }, true));
  expect(received()).toEqual(["team.1 revoked"]);
});

test("S1.14 a channel that others follow already begins with a gap too", async () => {
  const { page, advance, received } = setUp();
  const { rerender } = render(page(undefined, true));
  await advance(10_000);
  rerender(page({ list: [one()] }, true));
  expect(received()).toEqual(["team.1 gap"]);
  rerender(page(undefined));
  await advance(10_000);
  rerender(page({ list: [one()] }));
  await advance(1_000);
  expect(received()).toEqual(["team.1 gap"]);
});
