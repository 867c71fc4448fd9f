import { expect, test } from "vitest";
import { article, made, setUp, user } from "../../../../tests/support/rigs/client-rig.ts";

const hourMs = 3_600_000;

test("K1 a clock that is set back by an hour after a reconnect delays no catch-up", async () => {
  let offByMs = 0;
  const { broker, client, clock, listen } = setUp({ offByMs: () => offByMs });
  listen();
  await clock.advance(100);
  broker.cut();
  await clock.advance(5_000);
  expect(client.channelState(article.name).status).toBe("live");
  offByMs = -hourMs;
  listen(user);
  await clock.advance(5_000);
  expect(client.channelState(user.name).status).toBe("live");
});

test("K11 a page that was hidden while its clock was set back catches up when it is visible", async () => {
  let offByMs = 0;
  const { clock, environment, listen, route } = setUp({ offByMs: () => offByMs });
  const { received } = listen();
  await clock.advance(100);
  route.append(article.name, made("slept"));
  environment.set({ visible: false });
  await clock.advance(60_000);
  offByMs = -hourMs;
  environment.set({ visible: true });
  await clock.advance(100);
  expect(received).toEqual(["gap", "slept"]);
});

test("K11 a page whose computer slept while its clock was set back catches up", async () => {
  let offByMs = 0;
  const { clock, listen, pings } = setUp({ offByMs: () => offByMs });
  listen();
  await clock.advance(100);
  offByMs = -hourMs;
  await clock.advance(10_000);
  expect(pings()).toBe(1);
});
