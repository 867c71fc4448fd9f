import { createPusherBroker, createWebhookHandler } from "querycast/transports/pusher/server";
import { expect, onTestFinished, test, vi } from "vitest";
import { listSubscribers } from "@/features/admin/access/list-subscribers.ts";
import { byChannel } from "@/wiring/realtime/broker/count-subscriptions.ts";
import { createVacatedChannels } from "@/wiring/realtime/broker/vacated-channels.ts";
import { startSoketi } from "../../../scripts/parts/soketi/soketi.ts";
import { sendVacatedWebhooks } from "../../../scripts/parts/soketi/soketi-config.ts";
import { listen } from "../../support/broker/relay-listener.ts";
import { createSiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";
import { serveRoute } from "../../support/servers/serve-route.ts";

test("a viewer is removed from a channel's list when the broker reports it vacated, and only then", async () => {
  const site = await createSiteDatabase();
  onTestFinished(site.close);
  await insertRows(site.ownerUrl);
  let answer = async (_: Request) => new Response(null, { status: 503 });
  const statuses: number[] = [];
  const served = await serveRoute(async (request) => {
    const response = await answer(request);
    statuses.push(response.status);
    return response;
  });
  onTestFinished(served.close);
  const soketi = await startSoketi({
    configure: sendVacatedWebhooks(`http://${served.host}:${served.port}/`),
  });
  onTestFinished(soketi.stop);
  const broker = createPusherBroker({ ...soketi, tls: false });
  onTestFinished(broker.close);
  const vacatedChannels = createVacatedChannels({
    database: site.database,
    countSubscriptions: async () => byChannel((await broker.countSubscriptions?.()) ?? new Map()),
    onError: (error) => {
      throw error;
    },
  });
  answer = createWebhookHandler({ broker, onEvents: vacatedChannels.note });

  const [left, kept] = [`tag.${idOf("tag")}`, `profile.${idOf("ann")}`];
  await site.owner`insert into channel_joins (channel, user_id) values
    (${left}, ${idOf("rea")}), (${left}, ${idOf("ann")}), (${kept}, ${idOf("rea")})`;
  const subscribers = async (channel: string) =>
    (await site.contexts.read(viewers.kay)((ctx) => listSubscribers(ctx, { channel }))).length;
  const [one, other] = [listen(soketi, broker), listen(soketi, broker)];
  onTestFinished(() => {
    one.close();
    other.close();
  });
  await one.join(`private-${left}.e0`);
  await one.join(`private-${kept}.e0`);
  // The client is on the next wire name of the channel, so it does not count as gone.
  await other.join(`private-${kept}.e1`);
  expect([await subscribers(left), await subscribers(kept)]).toEqual([2, 1]);

  one.close();
  await vi.waitFor(async () => expect(await subscribers(left)).toBe(0), { timeout: 10_000 });
  expect(statuses.filter((status) => status === 204).length).toBeGreaterThanOrEqual(2);
  expect(await subscribers(kept)).toBe(1);
  await site.owner`update channel_joins set joined_at = now() where user_id = ${idOf("rea")}`;
  expect(await subscribers(left)).toBe(1);
});
