// @vitest-environment jsdom
import { randomBytes } from "node:crypto";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import postgres from "postgres";
import type { Relay } from "querycast/server";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { ownSoketiApp } from "../../support/broker/soketi.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database/database.ts";
import { endQueries } from "../../support/runner/end-queries.ts";

// The code of examples/notes over a real Postgres and Soketi. Next is not started: the routes are called directly.

const origin = "http://localhost:3000";
let database: TestDatabase;
let owner: postgres.Sql;
let relay: Relay;

/** The modules of the example read the environment when they are loaded. */
const load = async () => ({
  ...(await import("../../../examples/notes/app/board.tsx")),
  ...(await import("../../../examples/notes/app/providers.tsx")),
  ...(await import("../../../examples/notes/server/database.ts")),
  ...(await import("../../../examples/notes/server/notes.ts")),
  ...(await import("../../../examples/notes/server/querycast.ts")),
  notesRoute: await import("../../../examples/notes/app/api/notes/route.ts"),
  realtimeRoute: await import("../../../examples/notes/app/api/realtime/route.ts"),
});
let example: Awaited<ReturnType<typeof load>>;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: async () => {}, template: "template_empty" });
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  const password = randomBytes(12).toString("hex");
  await owner.unsafe(`drop role if exists notes_site`);
  await owner.unsafe(`create role notes_site login password '${password}'`);
  const siteUrl = new URL(database.ownerUrl);
  siteUrl.username = "notes_site";
  siteUrl.password = password;
  const soketi = ownSoketiApp();
  const environment = {
    DATABASE_URL: siteUrl.href,
    DATABASE_OWNER_URL: database.ownerUrl,
    PUSHER_APP_ID: soketi.appId,
    PUSHER_SECRET: soketi.secret,
    NEXT_PUBLIC_PUSHER_KEY: soketi.key,
    NEXT_PUBLIC_PUSHER_HOST: soketi.host,
    NEXT_PUBLIC_PUSHER_PORT: String(soketi.port),
    QUERYCAST_SECRET: randomBytes(24).toString("hex"),
    SITE_ORIGIN: origin,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  await import("../../../examples/notes/migrate.ts");
  await owner`insert into members values ('welcome', 'ann'), ('welcome', 'bob')`;
  await owner`insert into sessions values ('session-of-ann', 'ann'), ('session-of-eve', 'eve')`;
  example = await load();
  relay = example.createSiteRelay();
  relay.start();
});

let queryClient: QueryClient | undefined;
function Watched() {
  queryClient = useQueryClient();
  return null;
}
afterEach(async () => {
  cleanup();
  if (queryClient) await endQueries(queryClient);
});

afterAll(async () => {
  await relay.stop();
  await example.sql.end();
  await owner.end();
  await database.close();
});

/** Renders the board as a person, whose requests go to the routes of the example. */
function openBoard(person: string): void {
  vi.stubGlobal("fetch", async (input: string, init?: RequestInit) => {
    const { signal: _, ...rest } = init ?? {};
    const request = new Request(new URL(input, origin), {
      ...rest,
      headers: { ...rest.headers, cookie: `session=session-of-${person}`, origin },
    });
    return new URL(request.url).pathname === "/api/notes"
      ? example.notesRoute.GET(request)
      : example.realtimeRoute.POST(request);
  });
  const { Board, Providers } = example;
  render(
    <Providers viewerId={person}>
      <Board boardId="welcome" addNote={async () => {}} />
      <Watched />
    </Providers>,
  );
}

const expectStatus = (status: string) =>
  vi.waitFor(() => expect(screen.getByRole("status").textContent).toBe(status), 10_000);

test("in the example of the guide a member sees the note of another one without a reload", async () => {
  openBoard("ann");
  await expectStatus("live");
  await example.insertNote({ id: "bob" }, "welcome", "Written by Bob");
  expect((await screen.findByRole("listitem", {}, { timeout: 10_000 })).textContent).toBe(
    "Written by Bob",
  );
});

test("in the example of the guide others than members read nothing, write nothing, and cannot join", async () => {
  openBoard("eve");
  await expectStatus("denied");
  await expect(example.insertNote({ id: "eve" }, "welcome", "Unwanted")).rejects.toThrow(
    /row-level security/,
  );
  expect(await example.readNotes({ id: "eve" }, "welcome")).toEqual([]);
  expect(screen.queryAllByRole("listitem")).toEqual([]);
});
