import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createEvidenceRig, signingKey } from "../../support/rigs/evidence-rig.ts";

/** The job that reads feeds: its own function, with steps that run at once and are not retried. */

const item = { eventAt: "2026-01-31" };
const feeds: Record<string, readonly object[]> = {
  "/repeated": [
    { ...item, id: "a", statement: "The first." },
    { ...item, id: "a", statement: "Another one." },
    { ...item, id: "b", statement: "Sent twice." },
    { ...item, id: "b", statement: "Sent twice." },
  ],
  "/refused": [{ ...item, id: "a", statement: "Refused." }],
  "/good": [{ ...item, id: "a", statement: "Fine." }],
};
const server = createServer((request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(feeds[request.url ?? ""]));
});

let rig: Awaited<ReturnType<typeof createEvidenceRig>>;
let paper: Awaited<ReturnType<typeof rig.found>>;
beforeAll(async () => {
  rig = await createEvidenceRig();
  paper = await rig.found();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const { owner } = rig.site;
  await owner`delete from evidence_feeds`;
  for (const path of Object.keys(feeds)) {
    await owner`insert into evidence_feeds (publication_id, name, url)
      values (${paper.publicationId}, ${path}, ${`http://127.0.0.1:${port}${path}`})`;
  }
  await owner.unsafe(`
    create function refuse_statement() returns trigger language plpgsql as $$
    begin
      if new.statement = 'Refused.' then raise exception 'refused' using errcode = '22000'; end if;
      return new;
    end $$;
    create trigger refused before insert on observations for each row execute function refuse_statement()`);
});
beforeEach(() => {
  vi.stubEnv("NEXTAUTH_SECRET", "a secret of at least 32 characters");
  vi.stubEnv("NEXTAUTH_URL", "https://inkwell.test");
  vi.stubEnv("DATABASE_URL", rig.site.appUrl);
  vi.stubEnv("EVIDENCE_KEY", signingKey);
  vi.stubEnv("TRANSPORT", "pull");
  vi.stubEnv("LOG_LEVEL", "error");
});
afterAll(async () => {
  const { database } = await import("@/wiring/database.ts");
  await database().close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rig?.close();
});

const runOnce = async () => {
  const { ingestFeeds } = await import("../../../inngest/functions/ingest-feeds.ts");
  const step = { run: (_id: string, work: () => unknown) => work() };
  // biome-ignore lint/complexity/useLiteralKeys: `fn` is private, and the service calls it through HTTP
  await ingestFeeds["fn"]({ step } as never);
};

test("a feed with a repeated id, and one that the database refuses, hold up no feed after them", async () => {
  for (const _ of [1, 2]) {
    await runOnce();
    const statements = (await paper.rows()).map(({ statement }) => statement);
    expect(statements).toEqual(["The first.", "Sent twice.", "Fine."]);
    const states = await rig.site.owner`
      select name, error, read_at is not null as "isRead" from evidence_feeds order by created_at`;
    expect([...states]).toEqual([
      {
        name: "/repeated",
        error: "Item 2: Item 1 has the same id. Give each item its own id.",
        isRead: true,
      },
      {
        name: "/refused",
        error: "The items could not be recorded. The next reading tries again.",
        isRead: true,
      },
      { name: "/good", error: null, isRead: true },
    ]);
  }
});
