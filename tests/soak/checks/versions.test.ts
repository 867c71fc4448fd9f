import { liveEntities, on, type TransportHandlers } from "querycast";
import { expect, onTestFinished, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { encodeSignal } from "@/realtime/protocol/signal.ts";
import { createFakeBroker } from "@/realtime/testing/fakes/fake-broker.ts";
import { createFakeClock } from "@/realtime/testing/fakes/fake-clock.ts";
import { createFakeRoute } from "@/realtime/testing/fakes/fake-route.ts";
import { createPerson } from "../people/person.ts";
import type { Read } from "../people/reads.ts";
import { createRandom } from "../random.ts";
import { compare, describeDifference } from "./oracle.ts";
import { createVersionWatch, type VersionedRow } from "./versions.ts";

const channel = channels.chat({ publicationId: "00000000-0000-4000-8000-000000000001" });
const row = (id: string, version: number): VersionedRow => ({ id, version });

/** A real page over rows. The test sends rows to it, and controls what its select and the oracle's return. */
async function setUp() {
  const clock = createFakeClock();
  const broker = createFakeBroker({ clock });
  const route = createFakeRoute();
  let handlers: TransportHandlers | undefined;
  let selected: readonly VersionedRow[] = [row("a", 1), row("b", 1)];
  let newest = selected;
  const select = async () => selected;
  const read: Read = {
    name: "texts",
    queryKey: ["texts"],
    options: liveEntities(
      { queryKey: ["texts"], queryFn: select },
      {
        entity: on(channel, "chat.content"),
        id: ({ id }) => id,
        version: ({ version }) => version,
        place: (rows) => rows.length,
      },
    ),
    isInfinite: false,
    select,
    expected: async () => newest,
    page: undefined,
    isRows: true,
  };
  const person = createPerson({
    name: "ann",
    userId: "u1",
    reads: [read],
    random: createRandom(1, "ann"),
    clock,
    connect: () => ({
      transport: {
        ...broker.transport,
        connect: (given, key) => {
          handlers = given;
          return broker.transport.connect(given, key);
        },
      },
      close: () => {},
    }),
    fetch: route.fetch,
    say: () => {},
  });
  onTestFinished(person.close);
  let serial = 0;
  /** Sends a signal of the entity: with its rows, or without as a broker does. */
  const send = async (rows?: readonly VersionedRow[]) => {
    serial += 1;
    const signal = { id: `s${serial}`, name: "chat.content", ids: undefined, origin: undefined };
    route.append(channel.name, signal);
    handlers?.event(route.wireName(channel.name), signal.name, encodeSignal(signal), rows);
    await clock.advance(5_000);
  };
  await clock.advance(5_000);
  return {
    person,
    send,
    shown: () => person.shown(read),
    setSelected: (...rows: readonly VersionedRow[]) => {
      selected = rows;
    },
    setNewest: (...rows: readonly VersionedRow[]) => {
      newest = rows;
    },
  };
}

test("I7 newer versions and new rows are not reported, in any order of the rows", async () => {
  const { person, send, shown, setSelected, setNewest } = await setUp();
  await send([row("c", 1), row("a", 2)]);
  expect(shown()).toEqual([row("a", 2), row("b", 1), row("c", 1)]);
  setSelected(row("c", 1), row("b", 4), row("a", 2));
  await send();
  expect(shown()).toEqual([row("c", 1), row("b", 4), row("a", 2)]);
  setNewest(row("a", 2), row("b", 4), row("c", 1));
  expect(person.violations()).toEqual([]);
  expect(await compare(person)).toEqual([]);
});

test("I7 a page that shows an older version, or loses a row, is reported", async () => {
  const { person, send, setSelected } = await setUp();
  await send([row("a", 3)]);
  setSelected(row("a", 2));
  await send();
  expect(person.violations()).toEqual([
    "I7 ann: texts shows version 2 of a after version 3",
    "I7 ann: texts no longer shows b",
  ]);
});

test("I7 a page that does not end with the newest version of each row is reported", async () => {
  const { person, send, setNewest } = await setUp();
  await send([row("a", 2)]);
  setNewest(row("a", 3), row("b", 1));
  const differences = await compare(person);
  expect(differences.map(describeDifference)).toEqual([
    expect.stringMatching(/texts:\n.*"version":2.*\n.*"version":3/),
  ]);
});

test("I7 a version is compared with the newest one that was shown", () => {
  const reports: string[] = [];
  const { saw } = createVersionWatch((what) => reports.push(what));
  for (const version of [1, 3, 2, 3, 3]) saw("texts", [row("a", version)]);
  expect(reports).toEqual(["texts shows version 2 of a after version 3"]);
});

test("I7 a row that disappears is reported only for a viewer who keeps the right to it, an older version always", () => {
  const reports: string[] = [];
  const { saw } = createVersionWatch(
    (what) => reports.push(what),
    () => true,
  );
  saw("texts", [row("a", 3), row("b", 1)]);
  saw("texts", []);
  expect(reports).toEqual([]);
  saw("texts", [row("a", 2)]);
  expect(reports).toEqual(["texts shows version 2 of a after version 3"]);
});
