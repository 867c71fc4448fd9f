// @vitest-environment jsdom
import { randomBytes } from "node:crypto";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { ownSoketiApp } from "../../support/broker/soketi.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database/database.ts";
import { endQueries } from "../../support/runner/end-queries.ts";

// The code of examples/notes over a real Postgres. Next is not started: the routes are called directly.

const origin = "http://localhost:3000";
let database: TestDatabase;
let owner: postgres.Sql;

/** The modules of the example read the environment when they are loaded. */
const load = async () => ({
  ...(await import("../../../examples/notes/app/board.tsx")),
  ...(await import("../../../examples/notes/app/providers.tsx")),
  ...(await import("../../../examples/notes/server/database.ts")),
  ...(await import("../../../examples/notes/server/delivery.ts")),
  ...(await import("../../../examples/notes/server/notes.ts")),
  notesRoute: await import("../../../examples/notes/app/api/notes/route.ts"),
  realtimeRoute: await import("../../../examples/notes/app/api/realtime/route.ts"),
  streamRoute: await import("../../../examples/notes/app/api/realtime/stream/route.ts"),
});
let example: Awaited<ReturnType<typeof load>>;

async function start(delivery: Readonly<Record<string, string>>): Promise<void> {
  database = await createTestDatabase({ migrate: async () => {}, template: "template_empty" });
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  const password = randomBytes(12).toString("hex");
  await owner.unsafe(`drop role if exists notes_site`);
  await owner.unsafe(`create role notes_site login password '${password}'`);
  const siteUrl = new URL(database.ownerUrl);
  siteUrl.username = "notes_site";
  siteUrl.password = password;
  const environment = {
    DATABASE_URL: siteUrl.href,
    DATABASE_OWNER_URL: database.ownerUrl,
    QUERYCAST_SECRET: randomBytes(24).toString("hex"),
    SITE_ORIGIN: origin,
    ...delivery,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  // As in a new process.
  vi.resetModules();
  Reflect.deleteProperty(globalThis, "notesStreams");
  await import("../../../examples/notes/migrate.ts");
  await owner`insert into members values ('welcome', 'ann'), ('welcome', 'bob')`;
  await owner`insert into sessions values ('session-of-ann', 'ann'), ('session-of-eve', 'eve')`;
  example = await load();
  example.relay.start();
}

let queryClient: QueryClient | undefined;
function Watched() {
  queryClient = useQueryClient();
  return null;
}
afterEach(async () => {
  cleanup();
  if (queryClient) await endQueries(queryClient);
});

async function stop(): Promise<void> {
  await example.relay.stop();
  await example.sql.end();
  await owner.end();
  await database.close();
}

/** The routes of the example as a person's browser reaches them. Returns the paths of the requests. */
function serve(person: string): readonly string[] {
  const paths: string[] = [];
  vi.stubGlobal("fetch", async (input: string, { signal, ...init }: RequestInit = {}) => {
    const request = new Request(new URL(input, origin), {
      ...init,
      headers: { ...init.headers, cookie: `session=session-of-${person}`, origin },
    });
    const { pathname } = new URL(request.url);
    paths.push(pathname);
    if (pathname === "/api/notes") return example.notesRoute.GET(request);
    if (pathname === "/api/realtime") return example.realtimeRoute.POST(request);
    const response = await example.streamRoute.POST(request);
    // As in a browser, the end of the request ends the stream.
    const body = response.body?.pipeThrough(new TransformStream(), { signal: signal ?? undefined });
    return new Response(body, response);
  });
  return paths;
}

function openBoard(person: string): readonly string[] {
  const paths = serve(person);
  const { Board, Providers } = example;
  render(
    <Providers viewerId={person}>
      <Board boardId="welcome" addNote={async () => {}} />
      <Watched />
    </Providers>,
  );
  return paths;
}

const expectStatus = (status: string) =>
  vi.waitFor(() => expect(screen.getByRole("status").textContent).toBe(status), 10_000);

const brokerOf = () => {
  const soketi = ownSoketiApp();
  return {
    PUSHER_APP_ID: soketi.appId,
    PUSHER_SECRET: soketi.secret,
    NEXT_PUBLIC_PUSHER_KEY: soketi.key,
    NEXT_PUBLIC_PUSHER_HOST: soketi.host,
    NEXT_PUBLIC_PUSHER_PORT: String(soketi.port),
  };
};

describe.each([
  ["a broker", brokerOf, false],
  ["streams", () => ({}), true],
])("over %s", (_delivery, variables, isStreamed) => {
  beforeAll(() => start(variables()));
  afterAll(stop);

  test("in the example of the guide a member sees the note of another one without a reload", async () => {
    const paths = openBoard("ann");
    await expectStatus("live");
    expect(paths.includes("/api/realtime/stream")).toBe(isStreamed);
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
});
