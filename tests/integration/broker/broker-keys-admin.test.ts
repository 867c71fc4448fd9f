import { expect, test } from "vitest";
import { auditLog } from "@/db/schema.ts";
import { acceptApp } from "@/features/admin/keys/accept-app.ts";
import { addApp } from "@/features/admin/keys/add-app.ts";
import { checkApp } from "@/features/admin/keys/check-app.ts";
import { listApps } from "@/features/admin/keys/list-apps.ts";
import { makeCurrent } from "@/features/admin/keys/make-current.ts";
import { retireApp } from "@/features/admin/keys/retire-app.ts";
import { addAppInput } from "@/features/admin/keys/schema.ts";
import { createSiteBroker } from "@/wiring/realtime/broker/broker-apps.ts";
import { createCheckApp } from "@/wiring/realtime/broker/check-app.ts";
import { freePort } from "../../../scripts/parts/ports.ts";
import { serveBelow } from "../../support/broker/serve-below.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { createKeysRig } from "./broker-keys-rig.ts";

const { soketi, settings, serverSecret, site, second, keeper, ...rig } = await createKeysRig();
const { as, asAdmin, makeCurrentWhenServed, closeAfterEach } = rig;

const list = () => site().contexts.read(viewers.kay)((ctx) => listApps({ ...ctx, ...keeper }));
const states = async () => (await list()).map(({ id, status }) => `${id} ${status}`);

test("an app's secret is stored encrypted, is never shown or logged, and each change is in the audit log", async () => {
  await asAdmin(addApp, second);
  await makeCurrentWhenServed(second.id);
  await asAdmin(retireApp, { id: soketi.appId });
  await asAdmin(acceptApp, { id: soketi.appId });
  const rows = await site().owner`select * from broker_apps order by id`;
  expect(rows.map(({ id, status }) => [id, status])).toEqual([
    [soketi.appId, "accepted"],
    [second.id, "current"],
  ]);
  const notes = await site()
    .owner`select * from audit_log where action like 'broker-app.%' order by at`;
  expect(notes.slice(-4).map(({ action, subject }) => `${action} ${subject}`)).toEqual([
    `broker-app.added app ${second.id}`,
    `broker-app.made-current app ${second.id}`,
    `broker-app.retired app ${soketi.appId}`,
    `broker-app.accepted app ${soketi.appId}`,
  ]);
  const everything = JSON.stringify([rows, notes, await list()]);
  for (const secret of [second.secret, soketi.secret]) expect(everything).not.toContain(secret);
  // An undecryptable secret changes nothing: the known apps stay valid, and an error is logged.
  const errors: unknown[] = [];
  const other = createSiteBroker(site().database, {
    settings,
    secret: "another secret of 32 characters!",
    onError: (error) => errors.push(error),
  });
  expect((await other.apps()).current).toBe(soketi.key);
  expect(errors).toMatchObject([{ message: expect.stringContaining("QUERYCAST_SECRET") }]);
});

test("only admins change keys, and a change that leaves pages without an app is refused with a remedy", async () => {
  const isRefused = (act: Promise<unknown>, code: string, words: string) =>
    expect(act).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  for (const action of [makeCurrent, acceptApp, retireApp]) {
    await isRefused(as(viewers.ann)(action, { id: soketi.appId }), "forbidden", "admins");
  }
  await isRefused(as(viewers.ann)(addApp, second), "forbidden", "admins");
  expect(await states()).toEqual([`${soketi.appId} current`]);

  await isRefused(
    asAdmin(retireApp, { id: soketi.appId }),
    "conflict",
    "Make another app current first",
  );
  await isRefused(asAdmin(makeCurrent, { id: "nowhere" }), "not_found", "Add it first");
  await asAdmin(addApp, second);
  await isRefused(asAdmin(addApp, second), "conflict", "already");
  await isRefused(asAdmin(addApp, { ...second, id: "third" }), "conflict", "already");
  await isRefused(asAdmin(makeCurrent, { id: second.id }), "conflict", "every server");
  await asAdmin(retireApp, { id: second.id });
  await isRefused(asAdmin(makeCurrent, { id: second.id }), "conflict", "Accept it first");
  expect(await states()).toEqual([`${soketi.appId} current`, `${second.id} retired`]);
  expect(addAppInput.safeParse({ id: "a:b", key: "", secret: "short" }).error?.issues).toHaveLength(
    3,
  );
});

test("an app that the broker refuses cannot become current, and the error contains the reason", async () => {
  const isRefused = async (app: typeof second, words: string) => {
    await site().owner`delete from broker_apps`;
    await asAdmin(addApp, app);
    await site().owner`update broker_apps set updated_at = now() - interval '1 minute'`;
    const refusal = { code: "conflict", message: expect.stringContaining(words) };
    await expect(
      checkApp({ viewer: viewers.kay, ...keeper }, { id: app.id }),
    ).rejects.toMatchObject(refusal);
    await expect(asAdmin(makeCurrent, { id: app.id })).rejects.toMatchObject(refusal);
    expect(await states()).toEqual([`${soketi.appId} current`, `${app.id} accepted`]);
  };
  await isRefused({ ...second, secret: "a wrong secret" }, "refused the key or the secret");
  await isRefused({ ...second, key: "another-key" }, "refused the key or the secret");
  await isRefused({ ...second, id: "no-such-app" }, "knows no app no-such-app");
  process.kill(soketi.pid(), "SIGSTOP");
  try {
    await isRefused(second, "did not answer in time");
  } finally {
    process.kill(soketi.pid(), "SIGCONT");
  }
  const nowhere = { ...settings, port: await freePort() };
  await expect(
    createCheckApp(site().database, { settings: nowhere, secret: serverSecret })(second.id),
  ).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("unreachable") });

  await checkApp({ viewer: viewers.kay, ...keeper }, { id: second.id });
  await asAdmin(makeCurrent, { id: second.id });
  expect(await states()).toContain(`${second.id} current`);
  await expect(
    checkApp({ viewer: viewers.ann, ...keeper }, { id: second.id }),
  ).rejects.toMatchObject({ code: "forbidden" });
});

test("an app of a broker behind a path is checked there", async () => {
  const front = await serveBelow("/live", soketi.port);
  closeAfterEach.push(front.close);
  const check = (path: string) =>
    createCheckApp(site().database, {
      settings: { ...settings, port: front.port, path },
      secret: serverSecret,
    })(soketi.appId);
  await check("/live");
  await expect(check("/elsewhere")).rejects.toMatchObject({ code: "conflict" });
});

test("a refused change is not recorded", async () => {
  const count = () => site().database.readAs(viewers.kay, (tx) => tx.select().from(auditLog));
  const before = (await count()).length;
  await expect(asAdmin(retireApp, { id: soketi.appId })).rejects.toThrow();
  expect((await count()).length).toBe(before);
});
