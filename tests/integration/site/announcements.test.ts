import { afterAll, beforeAll, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import type { Viewer } from "@/db/viewer.ts";
import { announce } from "@/features/admin/announcements/announce.ts";
import { repeatAnnouncements } from "@/features/admin/announcements/repeat-announcements.ts";
import { announceInput } from "@/features/admin/announcements/schema.ts";
import { withdraw } from "@/features/admin/announcements/withdraw.ts";
import { getAnnouncement } from "@/features/announcements/get-announcement.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { insertRows, viewers } from "../../support/rows/rls-rows.ts";
import { createSendingProcess } from "../../support/site/sending-process.ts";

const { anonymous, ann, kay } = viewers;
let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());

const announcement = channels.announcement({});
const read = (viewer: Viewer) => site.contexts.read(viewer)(getAnnouncement);

test("S4.8 the job repeats the announcement in force, and neither a replay nor a read shows one that is over", async () => {
  await site.owner`delete from announcements`;
  const { clock, contexts, replayed } = createSendingProcess(site.database);
  await contexts.write(kay)((ctx) => announce(ctx, { text: "The first", minutes: 5 }));
  await contexts.write(kay)((ctx) => announce(ctx, { text: "Restart at 14:00", minutes: 5 }));
  const texts = () => replayed(announcement.name).map(({ fields }) => fields.text);
  await expect.poll(texts).toEqual(["Restart at 14:00"]);
  expect(await read(anonymous)).toMatchObject({ text: "Restart at 14:00" });
  expect(await read(kay)).toMatchObject({ text: "Restart at 14:00" });

  await clock.advance(149_000);
  expect(texts()).toHaveLength(1);
  await contexts.job(repeatAnnouncements);
  await clock.advance(149_000);
  expect(texts()).toEqual(["Restart at 14:00"]);

  const [row] = await site.owner`select id from announcements where withdrawn_at is null`;
  await contexts.write(kay)((ctx) => withdraw(ctx, { announcementId: row?.id }));
  await expect
    .poll(() => replayed(announcement.name).map(({ type }) => type))
    .toEqual(["maintenance.withdrawn"]);
  expect(await read(anonymous)).toBeNull();
  expect(await read(kay)).toBeNull();
  await contexts.job(repeatAnnouncements);
  await clock.advance(150_000);
  expect(replayed(announcement.name)).toEqual([]);
  const again = contexts.write(kay)((ctx) => withdraw(ctx, { announcementId: row?.id }));
  await expect(again).rejects.toMatchObject({ code: "conflict" });

  await site.owner`insert into announcements (text, created_at, ends_at)
    values ('Over', now() - interval '2 minutes', now() - interval '1 minute')`;
  await contexts.job(repeatAnnouncements);
  expect(replayed(announcement.name)).toEqual([]);
  const notes = await site.owner`select action from audit_log where action like 'announcement.%'`;
  expect(notes.map(({ action }) => action).sort()).toEqual([
    "announcement.made",
    "announcement.made",
    "announcement.withdrawn",
  ]);
});

test("an announcement is written by admins only, and its longest text fits into a message", async () => {
  const { contexts, replayed } = createSendingProcess(site.database);
  const by = (viewer: typeof ann | typeof kay, text: string) =>
    contexts.write(viewer)((ctx) => announce(ctx, announceInput.parse({ text, minutes: 1 })));
  await expect(by(ann, "Mine")).rejects.toMatchObject({ code: "forbidden" });
  for (const character of ["語", '"', "\\", "💧"]) {
    const text = `.${character.repeat(198 / character.length)}.`;
    await by(kay, text);
    await expect
      .poll(() => replayed(announcement.name).map(({ fields }) => fields.text))
      .toEqual([text]);
  }
  expect(() => announceInput.parse({ text: "two\nlines", minutes: 1 })).toThrow("one line");
});
