import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEvidenceRig } from "../../support/rigs/evidence-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

/** The attacks that docs/evidence.md lists. Each one is refused, or found by the next read. */

const { anonymous, ann, ben, kay, rea } = viewers;
const denied = "42501";
const neverChanged = "23001";

let rig: Awaited<ReturnType<typeof createEvidenceRig>>;
let paper: Awaited<ReturnType<typeof rig.found>>;
beforeAll(async () => {
  rig = await createEvidenceRig();
  paper = await rig.found();
  await paper.record(ben, { statement: "The pier is 12 m long.", clearance: "public" });
  await paper.record(ben, { statement: "The pier is closed.", clearance: "member" });
  await paper.record(ben, { statement: "The pier was sold.", clearance: "editor" });
});
afterAll(() => rig?.close());

const everyRole = [anonymous, ann, rea, ben, kay, "worker", "auth", "relay", "topic"] as const;

describe("S2.11 by SQL", () => {
  test.each([
    "update observations set statement = 'x'",
    "update observations set clearance = 'public' where number = 3",
    "delete from observations",
    "delete from observations where number = 99",
    "truncate observations",
    "truncate publications cascade",
    `insert into observations select * from observations
      on conflict (publication_id, number) do update set statement = 'x'`,
    "merge into observations using (select 1) as one on true when matched then delete",
    "alter table observations disable trigger user",
    "drop trigger observations_never_changed on observations",
    "drop table observations cascade",
    "set session_replication_role = replica",
    "reset role; update public.observations set statement = 'x'",
  ])("no role of the site can run: %s", async (statement) => {
    for (const who of everyRole) {
      expect([who, await rig.attempt(who, statement)]).toEqual([who, denied]);
    }
  });

  test.each(["update observations set statement = 'x'", "delete from observations where false"])(
    "the owner of the tables is refused by the trigger: %s",
    async (statement) => {
      await expect(rig.site.owner.unsafe(statement)).rejects.toMatchObject({ code: neverChanged });
    },
  );

  test("the owner cannot truncate the log, nor delete a publication that has one", async () => {
    const { owner } = rig.site;
    await expect(owner`truncate observations cascade`).rejects.toMatchObject({
      code: neverChanged,
    });
    await expect(
      owner`delete from publications where id = ${paper.publicationId}`,
    ).rejects.toMatchObject({ code: "23503" });
  });

  /** An insert of a row that continues the chain, with other values where given. */
  const insertOf = async (values: Record<string, string>) => {
    const rows = await paper.rows();
    const row: Record<string, string> = {
      publication_id: `'${paper.publicationId}'`,
      number: String(rows.length + 1),
      statement: "'Forged.'",
      source_name: "'x'",
      event_at: "now()",
      ingested_at: "clock_timestamp()",
      clearance: "'public'",
      recorded_by: `'${ben.userId}'`,
      ingest_key: "'form:forged'",
      previous_hash: `'${rows.at(-1)?.hash}'`,
      hash: `'${"0".repeat(64)}'`,
      signature: "''",
      key_id: "''",
      ...values,
    };
    return `insert into observations (${Object.keys(row)}) values (${Object.values(row)})`;
  };

  test("a row that does not continue the chain is refused, also from the owner of the tables", async () => {
    const breaks = "23514";
    for (const values of [
      { number: "1" },
      { number: "9" },
      { previous_hash: "''" },
      { previous_hash: `'${"0".repeat(64)}'` },
      { ingested_at: "now() - interval '1 day'" },
      { ingested_at: "now() + interval '1 day'" },
    ] as Record<string, string>[]) {
      const statement = await insertOf(values);
      expect([statement, await rig.attempt(ben, statement)]).toEqual([statement, breaks]);
      await expect(rig.site.owner.unsafe(statement)).rejects.toMatchObject({ code: breaks });
    }
  });

  test("a row in another name, for a publication of others, or correcting a hidden row is refused", async () => {
    const statements = [
      await insertOf({ recorded_by: `'${rea.userId}'` }),
      await insertOf({ recorded_by: "null" }),
      await insertOf({ ingest_key: "'feed:forged'" }),
      await insertOf({ ingest_key: "'seed:forged'" }),
      await insertOf({ corrects: "99" }),
    ];
    for (const statement of statements) expect(await rig.attempt(ben, statement)).toBe(denied);
    for (const viewer of [anonymous, ann, rea, kay]) {
      const own = await insertOf({ recorded_by: `'${viewer.userId ?? ben.userId}'` });
      expect(await rig.attempt(viewer, own)).toBe(denied);
    }
    const byWorker = await insertOf({ ingest_key: "'feed:x'", recorded_by: "null", corrects: "1" });
    expect(await rig.attempt("worker", byWorker)).toBe(denied);
  });

  test("a row that is inserted with the right to record, but without the key, is shown as unknown or broken", async () => {
    const other = await rig.found();
    await other.record(ben, { statement: "Signed." });
    const [signed] = await other.rows();
    const { publicationId } = other;
    const forged = (keyId: string, hash: string) => `
      insert into observations (publication_id, number, statement, source_name, event_at, ingested_at,
        clearance, recorded_by, ingest_key, previous_hash, hash, signature, key_id)
      select '${publicationId}', max(number) + 1, 'Forged.', 'x', now(), clock_timestamp(), 'public',
        '${ben.userId}', 'form:' || max(number), '${hash}', '${"a".repeat(64)}', '${signed?.signature}', '${keyId}'
      from observations where publication_id = '${publicationId}'`;
    expect(await rig.attempt(ben, forged("0123456789abcdef", signed?.hash))).toBe(1);
    expect(await rig.attempt(ben, forged(signed?.key_id, "a".repeat(64)))).toBe(1);
    const { rows } = await other.list(ben);
    expect(rows.map(({ integrity }) => integrity)).toEqual(["broken", "unknown", "verified"]);
  });
});

describe("S2.11 behind the site's back, with the trigger switched off", () => {
  test.each([
    ["statement", "'The pier is 21 m long.'"],
    ["figures", `'[{"name":"Length","value":"21","unit":"m"}]'`],
    ["source_name", "'Somebody'"],
    ["source_url", "'https://example.org'"],
    ["event_at", "event_at + interval '1 microsecond'"],
    ["ingested_at", "ingested_at - interval '1 day'"],
    ["clearance", "'editor'"],
    ["recorded_by", `'${rea.userId}'`],
    ["ingest_key", "'form:other'"],
    ["hash", `'${"0".repeat(64)}'`],
    ["signature", "reverse(signature)"],
    ["previous_hash", `'${"0".repeat(64)}'`],
  ])("a changed %s is found by the next read", async (column, value) => {
    const other = await rig.found();
    await other.record(ben, { statement: "The pier is 12 m long." });
    await other.tamper((tx) =>
      tx.unsafe(
        `update observations set ${column} = ${value} where publication_id = '${other.publicationId}'`,
      ),
    );
    expect((await other.get(ben, 1)).integrity).toBe("broken");
    expect((await other.list(ben)).rows[0]?.integrity).toBe("broken");
  });

  test("a row that is copied to another publication or number is found", async () => {
    const [one, other] = [await rig.found(), await rig.found()];
    await one.record(ben, { statement: "The pier is 12 m long." });
    for (const number of [1, 2]) {
      await other.tamper((tx) =>
        tx.unsafe(`insert into observations
          select '${other.publicationId}', ${number}, statement, figures, source_name, source_url, event_at,
            ingested_at, clearance, corrects, recorded_by, 'form:' || ${number}, previous_hash, hash, signature,
            key_id
          from observations where publication_id = '${one.publicationId}'`),
      );
      expect((await other.get(ben, number)).integrity).toBe("broken");
    }
  });
});

describe("by guessing", () => {
  test("S2.9 no filter, order or page of a list shows a hidden row", async () => {
    for (const viewer of [anonymous, kay]) {
      for (const filter of [
        { words: "sold" },
        { words: "pier OR sold" },
        { words: "' or true --" },
        { clearance: "editor" },
        { order: "event" },
        { page: 2 },
      ]) {
        const { rows } = await paper.list(viewer, filter);
        expect(rows.filter(({ number }) => number > 1)).toEqual([]);
      }
    }
  });

  test("the hash of a hidden row does not let its content be guessed", async () => {
    const other = await rig.found();
    await other.record(ben, { statement: "The pier was sold.", clearance: "editor" });
    await other.record(ben, { statement: "Public.", clearance: "public" });
    const { signature } = await other.get(anonymous, 2);
    const hidden = await other.get(ben, 1);
    // Without the signature, which only readers of the row have, the right guess has another hash.
    const guess = createHash("sha256").update(hidden.signature.text).digest("hex");
    expect(signature.previousHash).toBe(hidden.signature.hash);
    expect(signature.previousHash).not.toBe(guess);
  });
});
