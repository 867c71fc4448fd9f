import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { contract, ProtocolError, signal } from "querycast";
import { expect, test } from "vitest";
import { encodeIds } from "../../../src/realtime/protocol/ids.ts";
import { channels, onTeam, openCaptureDatabase } from "../../support/database/capture-database.ts";

const database = await openCaptureDatabase();

test("ids that do not fit into one signal become a signal without ids", async () => {
  const team = await database.newTeam();
  await database.service`
    insert into tasks (team_id) select ${team}::uuid from generate_series(1, 5000)`;
  expect(await database.newSignals()).toEqual([{ ...onTeam(team, "created"), ids: null }]);
});

test("S1.5 values that are no ids publish nothing, are counted, and are written", async () => {
  const bad = ["", "two words", "<b>", "x".repeat(65), "é".repeat(20), "zero\u200bwidth", null];
  for (const first of bad) {
    await database.service`insert into pairs (first, second) values (${first}, 'fine')`;
  }
  expect(await database.newSignals()).toEqual([]);
  expect(await database.newSkips()).toEqual([`public.pairs pair.named ${bad.length}`]);
});

const idText = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."aZ09_-=@,;"), minLength: 1, maxLength: 66 }),
  fc.string({ unit: fc.constantFrom(...'aZ=37C2E.|:/%+é１🙂\u200b "<'), maxLength: 24 }),
  fc
    .array(fc.constantFrom("=", "==", "=7C", "=3D", "=C3=A9", "=c3", "=FF", "=41", "=00", "a"))
    .map((parts) => parts.join("")),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.uuid(),
);

test("W1 W6 channel names and ids made in SQL equal those made in TypeScript, and both refuse the same texts", async () => {
  const texts = fc.sample(fc.tuple(idText, idText), { numRuns: 4000, seed: 11 });
  const storable = texts.filter(([a, b]) => !/[\0\ud800-\udfff]/u.test(a + b));
  const expected = storable.flatMap(([firstId, secondId]) => {
    try {
      const ref = channels[contract].refer("pair", { firstId, secondId });
      return [JSON.stringify([ref.name, encodeIds({ firstId, secondId })])];
    } catch (error) {
      if (error instanceof ProtocolError) return [];
      throw error;
    }
  });
  expect(expected.length).toBeGreaterThan(500);
  expect(storable.length - expected.length).toBeGreaterThan(500);
  await database.service`
    insert into pairs (first, second)
    select line ->> 0, line ->> 1 from json_array_elements(${JSON.stringify(storable)}::text::json) line`;
  const published = (await database.newSignals()).map(({ channel, ids }) =>
    JSON.stringify([channel, ids]),
  );
  expect(published.sort()).toEqual([...new Set(expected)].sort());
  expect(await database.newSkips()).toEqual([
    `public.pairs pair.named ${storable.length - expected.length}`,
  ]);
});

test("a published signal with ids of the same row has the same form", async () => {
  const team = await database.newTeam();
  const id = randomUUID();
  await database.service`insert into tasks (id, team_id) values (${id}, ${team})`;
  const [captured] = await database.newSignals();
  const published = signal(channels.team({ teamId: team }), "task.created", { taskId: id });
  expect(captured).toMatchObject({
    channel: published.channel.name,
    name: published.name,
    ids: published.ids,
  });
});
