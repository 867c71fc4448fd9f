import { join } from "node:path";
import { expect, type Page, type Route } from "@playwright/test";
import postgres from "postgres";
import Pusher from "pusher";
import PusherJs from "pusher-js";
import { build } from "vite";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import { test } from "../steps/own-site.ts";
import { articlePath, comment, expectState, expectWritten } from "../steps/steps.ts";

test.use({ transport: "pusher", brokerAllows: "presence" });

const root = join(import.meta.dirname, "..", "..", "..");

test("S3.29 J2 J3 one Pusher instance has Inkwell's signals and a presence channel on one socket, also after it was disconnected and connected again, and the app's part continues after the library's ends", async ({
  author,
  reader,
  site,
}) => {
  test.slow(); // bundles a page
  const {
    PUSHER_APP_ID: appId = "",
    PUSHER_KEY: key = "",
    PUSHER_SECRET: secret = "",
  } = site.variables;
  const { SOKETI_HOST: host = "", SOKETI_PORT: port = "" } = site.variables;
  const broker = new Pusher({ appId, key, secret, cluster: "" });
  const sign = (id: string) => (socketId: string, channel: string) => {
    const { auth, channel_data = "" } = broker.authorizeChannel(socketId, channel, { user_id: id });
    return { auth, channel_data };
  };

  // The test answers for the site, so Chromium does not know that the page comes from this machine.
  await reader.grantPermissions(["local-network-access"]);
  const page = await reader.newPage();
  let sockets = 0;
  page.on("websocket", () => {
    sockets += 1;
  });
  await page.exposeFunction("signPresence", sign("ada"));
  await openOwnPage(page, `${site.url}/one-socket.html`);
  const articleId = await idOf(articlePath, site.variables.DATABASE_OWNER_URL ?? "");
  await page.evaluate((options) => window.start(options), {
    key,
    host,
    port: Number(port),
    articleId,
  });
  const noticed = () => page.evaluate(() => window.noticed);
  await expect.poll(noticed).toEqual(expect.arrayContaining(["room joined", "live"]));

  await author.goto(articlePath);
  await expectState(author, "live");
  await comment(author, `On one socket ${Date.now()}`);
  await expect.poll(noticed).toContain("comment.created");

  await page.evaluate(() => window.disconnect());
  await expect.poll(() => page.evaluate(() => window.instanceState())).toBe("disconnected");
  await expect.poll(async () => (await noticed()).at(-1)).not.toBe("live");
  await expectWritten(await comment(author, `While it was disconnected ${Date.now()}`));
  await page.evaluate(() => {
    window.noticed.length = 0;
    window.connect();
  });
  // The missed comment arrives by a catch-up.
  await expect
    .poll(noticed)
    .toEqual(expect.arrayContaining(["room joined", "live", "comment.created"]));

  const other = new PusherJs(key, {
    cluster: "",
    wsHost: host,
    wsPort: Number(port),
    forceTLS: false,
    enabledTransports: ["ws"],
    channelAuthorization: {
      endpoint: "",
      transport: "ajax",
      customHandler: ({ socketId, channelName }, callback) =>
        callback(null, sign("grace")(socketId, channelName)),
    },
  });
  try {
    other.subscribe("presence-room");
    await expect.poll(noticed).toContain("grace came");
    await page.evaluate(() => window.stopSignals());
    other.unsubscribe("presence-room");
    await expect.poll(noticed).toContain("grace left");
  } finally {
    other.disconnect();
  }
  expect([await page.evaluate(() => window.instanceState()), sockets]).toEqual(["connected", 2]);
});

/** The page of `one-socket/page.ts`, on the site's origin with its cookies. */
async function openOwnPage(page: Page, url: string): Promise<void> {
  const script = await bundle();
  const body = "<!doctype html><title>One socket</title>";
  await page.route(
    url,
    untilClosed(page, (route: Route) => route.fulfill({ contentType: "text/html", body })),
  );
  await page.goto(url);
  await page.addScriptTag({ content: script });
}

async function bundle(): Promise<string> {
  const result = await build({
    root,
    configFile: false,
    logLevel: "error",
    resolve: {
      alias: [
        { find: /^querycast$/, replacement: join(root, "src/realtime/index.ts") },
        { find: /^querycast\/(.+)$/, replacement: `${join(root, "src/realtime")}/$1.ts` },
        { find: /^@\/(.+)$/, replacement: `${join(root, "src")}/$1` },
      ],
    },
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      write: false,
      lib: {
        entry: join(root, "tests/e2e/connection/one-socket/page.ts"),
        formats: ["iife"],
        name: "oneSocket",
      },
    },
  });
  const [bundled] = result as unknown as { output: { code: string }[] }[];
  return bundled?.output[0]?.code ?? "";
}

async function idOf(path: string, ownerUrl: string): Promise<string> {
  const sql = postgres(ownerUrl, { max: 1 });
  try {
    const slug = path.split("/").at(-1) ?? "";
    const [row] = await sql<{ id: string }[]>`select id from articles where slug = ${slug}`;
    return row?.id ?? "";
  } finally {
    await sql.end();
  }
}
