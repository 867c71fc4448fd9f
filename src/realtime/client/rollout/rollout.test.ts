import { expect, test } from "vitest";
import { article, made, setUp, site, user } from "../../../../tests/support/rigs/client-rig.ts";
import type { LiveFor } from "../../protocol/rollout.ts";
import { on } from "../../protocol/signal.ts";

const all: LiveFor = { kinds: ["user", "article"], phases: [1, 2, 3] };
const none: LiveFor = { kinds: [], phases: [] };
const onlyPhase = (phase: number): LiveFor => ({ ...all, phases: [phase] });

/** A page that was rendered with `live`. The route answers with it until `set` is called. */
function openPage(live: LiveFor) {
  const rig = setUp({ rollout: { live, control: site } });
  const { broker, route } = rig;
  const set = route.setLive;
  set(live);
  const joined = () =>
    [...broker.sockets].flatMap(({ subscriptions }) => [...subscriptions]).sort();
  let changes = 0;
  const announce = () => {
    changes += 1;
    broker.publish(route.wireName("site"), made(`c${changes}`, "rollout.changed"));
  };
  return { ...rig, set, joined, announce };
}

const wire = (name: string) => `private-${name}.e0`;

test("F3 with everything off no socket is opened, and the state has the reason", async () => {
  const { broker, client, clock, listen } = openPage(none);
  listen(user);
  await clock.advance(60_000);
  expect(broker.attempts()).toBe(0);
  expect(client.getState()).toMatchObject({ status: "offline", reason: "off" });
});

test("F3 a channel is joined only while a subscribed signal is on", async () => {
  const { clock, listen, joined } = openPage(onlyPhase(3));
  listen(user);
  const comments = listen(on(article, "comment.created"));
  await clock.advance(1_000);
  expect(joined()).toEqual([]);
  const reactions = listen(on(article, "reaction.changed"));
  await clock.advance(1_000);
  expect(joined()).toEqual([wire("article.a1"), wire("site")]);
  reactions.stop();
  await clock.advance(4_000);
  expect(joined()).toEqual([]);
  comments.stop();
});

test("a signal whose phase is off for this viewer is not delivered", async () => {
  const { broker, clock, listen, route } = openPage(onlyPhase(2));
  const { received } = listen(article);
  await clock.advance(1_000);
  broker.publish(route.wireName(article.name), made("r1", "reaction.changed"));
  broker.publish(route.wireName(article.name), made("k1", "comment.created"));
  await clock.advance(1_000);
  expect(received).toEqual(["gap", "k1"]);
});

test("F4 a channel switched off while the page is open is left within 2 s of the announcement", async () => {
  const { client, clock, listen, joined, set, announce } = openPage(all);
  listen(user);
  const { received } = listen(article);
  await clock.advance(3_000);
  expect(joined()).toEqual([wire("article.a1"), wire("site"), wire("user.u1")]);
  set(onlyPhase(1));
  announce();
  await clock.advance(2_000);
  expect(joined()).toEqual([wire("site"), wire("user.u1")]);
  expect(client.getState().status).toBe("live");
  expect(received).toEqual(["gap"]);
  set(none);
  announce();
});

test("when the last channel is switched off the socket is closed, and nothing is purged", async () => {
  const { broker, client, clock, listen, set, announce, reports } = openPage(all);
  const revoked: string[] = [];
  client.observe({ signal: () => {}, gap: () => {}, revoked: (name) => revoked.push(name) });
  listen(article);
  await clock.advance(3_000);
  set(none);
  announce();
  await clock.advance(2_000);
  expect(broker.sockets.size).toBe(0);
  expect(client.getState()).toMatchObject({ status: "offline", reason: "off" });
  expect({ revoked, reports }).toEqual({ revoked: [], reports: [] });
});

test("F4 a channel switched on while no socket is open is live within 8 s and caught up", async () => {
  const { client, clock, listen, joined, set } = openPage(none);
  const { received } = listen(article);
  await clock.advance(60_000);
  set(all);
  await clock.advance(8_000);
  expect(joined()).toEqual([wire("article.a1"), wire("site")]);
  expect(client.getState().status).toBe("live");
  expect(received).toEqual(["gap"]);
});

test("F4 a channel switched off and on again while the page is open is live within 8 s", async () => {
  const { client, clock, listen, set, announce } = openPage(all);
  const { received } = listen(article);
  await clock.advance(3_000);
  set(none);
  announce();
  await clock.advance(3_000);
  expect(client.getState()).toMatchObject({ status: "offline", reason: "off" });
  set(all);
  await clock.advance(8_000);
  expect(client.getState().status).toBe("live");
  expect(received).toEqual(["gap", "gap"]);
});

test("F4 a phase that is switched on causes a gap, because its signals were not delivered before", async () => {
  const { clock, listen, route, set, announce } = openPage(onlyPhase(2));
  const { received } = listen(article);
  await clock.advance(3_000);
  route.append(article.name, made("r1", "reaction.changed"));
  set(all);
  announce();
  await clock.advance(3_000);
  expect(received).toEqual(["gap", "gap"]);
});

test("F4 a subscription to the control channel gets each announcement while all is off, and does not open or close the channel", async () => {
  const { broker, clock, listen, joined, set, announce } = openPage(none);
  const settings = listen(site);
  await clock.advance(3_000);
  announce();
  await clock.advance(1_000);
  expect(settings.received).toEqual(["gap", "c1"]);
  expect(joined()).toEqual([wire("site")]);
  set(all);
  announce();
  await clock.advance(3_000);
  const page = listen(article);
  await clock.advance(1_000);
  settings.stop();
  await clock.advance(4_000);
  expect(joined()).toEqual([wire("article.a1"), wire("site")]);
  expect(broker.attempts()).toBe(1);
  page.stop();
  await clock.advance(4_000);
  expect(joined()).toEqual([]);
});

test("without an announcement a change is found by polling, within 75 s", async () => {
  const { clock, listen, joined, set } = openPage(all);
  listen(article);
  await clock.advance(3_000);
  set(none);
  await clock.advance(75_000);
  expect(joined()).toEqual([]);
});

test("K15 a hidden page without a socket does not poll, and polls soon after it becomes visible", async () => {
  const { clock, environment, listen, route } = openPage(none);
  listen(article);
  environment.set({ visible: false });
  await clock.advance(5_000);
  const before = route.of("rollout").length;
  await clock.advance(300_000);
  expect(route.of("rollout").length - before).toBe(0);
  environment.set({ visible: true });
  await clock.advance(2_000);
  expect(route.of("rollout").length - before).toBe(1);
});

test("without a network the client does not poll, and polls soon after its return", async () => {
  for (const live of [none, all]) {
    const { clock, environment, listen, route } = openPage(live);
    listen(article);
    await clock.advance(2_000);
    environment.set({ online: false });
    const asked = () => route.of("rollout").length + route.of("positions").length;
    const before = asked();
    await clock.advance(300_000);
    expect(asked()).toBe(before);
    environment.set({ online: true });
    // A socket is open again, on which changes are announced.
    await clock.advance(live === none ? 3_000 : 80_000);
    expect(asked()).toBeGreaterThan(before);
  }
});

test("a channel answered with `off` is joined again with each poll, and not in between", async () => {
  const { client, clock, listen, route, reports, joined } = openPage(all);
  listen(user);
  const { received } = listen(article);
  route.turnOff(article.name);
  await clock.advance(2_000);
  const asked = () =>
    route.of("join").filter(({ channels: names }) => names.includes(article.name)).length;
  expect(client.getState().status).toBe("live");
  const before = asked();
  const states: string[] = [];
  client.onStateChange(() => states.push(client.getState().status));
  client.onChannelStateChange((name) => states.push(client.channelState(name).status));
  await clock.advance(120_000);
  expect(asked() - before).toBe(2);
  expect(new Set(states)).toEqual(new Set(["live", "off"]));
  expect({ reports, received }).toEqual({ reports: [], received: [] });
  expect(joined()).toEqual([wire("site"), wire("user.u1")]);
});

test("a page without subscriptions sends no requests", async () => {
  const { clock, listen, route, environment } = openPage(all);
  listen(article).stop();
  await clock.advance(10_000);
  const before = route.requests.length;
  await clock.advance(300_000);
  expect(route.requests.length).toBe(before);
  expect(environment.listeners()).toBe(0);
  expect(clock.pending()).toBe(0);
});

test("announcements in a row are followed by one request, after the last of them", async () => {
  const { clock, listen, route, announce } = openPage(all);
  listen(article);
  await clock.advance(1_000);
  const asked = () => route.requests.filter(({ type }) => type === "positions").length;
  expect(asked()).toBe(0);
  for (let change = 0; change < 10; change += 1) {
    announce();
    await clock.advance(50);
  }
  await clock.advance(5_000);
  expect(asked()).toBe(1);
});

test("channels that are refused together are followed by one request", async () => {
  const { clock, listen, route } = openPage(all);
  listen(user);
  listen(article);
  route.turnOff(user.name);
  route.turnOff(article.name);
  const asked = () =>
    route.requests.filter(({ type }) => type === "positions" || type === "rollout").length;
  await clock.advance(4_000);
  expect(asked()).toBe(1);
});
