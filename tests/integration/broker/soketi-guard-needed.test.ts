import { afterEach, expect, test } from "vitest";
import { type RunningSoketi, startSoketi } from "../../../scripts/parts/soketi/soketi.ts";
import { openRawSocket } from "../../support/broker/raw-socket.ts";

let soketi: RunningSoketi | undefined;
afterEach(() => soketi?.stop());

test("without the guard one frame ends Soketi with code 0, and the supervisor restarts it", async () => {
  const said: string[] = [];
  const bare = await startSoketi({ guarded: false, restart: true, say: (line) => said.push(line) });
  soketi = bare;
  const before = bare.pid();
  const [stranger, bystander] = await Promise.all([openRawSocket(bare), openRawSocket(bare)]);

  stranger.send({ event: "pusher:subscribe" });

  await bystander.closed;
  const isBack = async () => bare.pid() !== before && (await openRawSocket(bare).catch(() => null));
  await expect.poll(isBack, { timeout: 15_000 }).toBeTruthy();
  expect(said).toContain("Soketi exited with code 0; restarting it");
});
