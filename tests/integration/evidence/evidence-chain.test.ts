import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkChains } from "@/features/evidence/read/check-chain.ts";
import { bareEnv } from "../../../scripts/parts/processes.ts";
import { createEvidenceRig, keys, signingKey } from "../../support/rigs/evidence-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { searchPath } from "../../support/runner/environment.ts";

const { ben } = viewers;

let rig: Awaited<ReturnType<typeof createEvidenceRig>>;
beforeAll(async () => {
  rig = await createEvidenceRig();
  // The rows of the rig are not signed.
  await rig.site.owner.begin(async (tx) => {
    await tx`alter table observations disable trigger user`;
    await tx`delete from observations`;
    await tx`alter table observations enable trigger user`;
  });
});
afterAll(() => rig?.close());

async function logOf(rows: number) {
  const paper = await rig.found();
  for (let index = 0; index < rows; index += 1) await paper.record(ben, { statement: "A row." });
  return paper;
}
const check = async (slug: string, batch = 2) => {
  const progress: (readonly [number, number])[] = [];
  const reports = await checkChains({
    run: (action) => rig.site.contexts.job(action),
    keys,
    batch,
    onProgress: (done, of) => progress.push([done, of]),
  });
  return { report: reports.find((each) => each.slug === slug), progress };
};

test("an unbroken log is verified, with progress up to the number of its rows", async () => {
  const paper = await logOf(5);
  const { report, progress } = await check(paper.slug);
  const rows = await paper.rows();
  expect(report).toEqual({
    slug: paper.slug,
    checked: 5,
    broken: [],
    headHash: rows.at(-1)?.hash,
  });
  expect(progress[0]?.[0]).toBe(0);
  expect(progress.at(-1)?.[0]).toBe(progress.at(-1)?.[1]);
});

test("S2.11 the walk finds a changed row, a removed row, and a row that was replaced by a signed one", async () => {
  const changed = await logOf(3);
  const { publicationId } = changed;
  await changed.tamper(
    (tx) => tx`update observations set statement = 'x'
      where publication_id = ${publicationId} and number = 2`,
  );
  expect((await check(changed.slug)).report?.broken).toEqual([
    { number: 2, reason: "The row was changed after it was signed." },
  ]);

  const removed = await logOf(4);
  await removed.tamper(
    (tx) => tx`delete from observations
      where publication_id = ${removed.publicationId} and number in (2, 3)`,
  );
  expect((await check(removed.slug)).report?.broken).toEqual([
    { number: 2, reason: "The row is missing." },
    { number: 3, reason: "The row is missing." },
  ]);

  const replaced = await logOf(3);
  const [first] = await replaced.rows();
  const forged = keys.sign?.({
    publicationId: replaced.publicationId,
    number: 2,
    statement: "Another.",
    figures: [],
    sourceName: "x",
    sourceUrl: null,
    clearance: "public",
    corrects: null,
    recordedBy: null,
    eventAt: "2026-01-01T00:00:00.000000Z",
    ingestedAt: "2026-01-01T00:00:00.000000Z",
    ingestKey: "seed:2",
    previousHash: first?.hash,
  });
  await replaced.tamper(
    (tx) => tx`update observations set hash = ${forged?.hash ?? ""},
        signature = ${forged?.signature ?? ""}, statement = 'Another.', source_name = 'x',
        clearance = 'public', recorded_by = null, event_at = '2026-01-01Z', ingested_at = '2026-01-01Z',
        ingest_key = 'seed:2'
      where publication_id = ${replaced.publicationId} and number = 2`,
  );
  expect((await check(replaced.slug)).report?.broken).toEqual([
    { number: 3, reason: "The row does not continue the one before it." },
  ]);
});

test("npm run verify:evidence prints a report, and exits with 1 when a row is broken", async () => {
  const run = (variables: Record<string, string>) =>
    promisify(execFile)(process.execPath, ["--import", "tsx", "scripts/verify-evidence.ts"], {
      env: bareEnv({ PATH: searchPath, DATABASE_URL: rig.site.appUrl, ...variables }),
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout, stderr }) => ({ code, stdout: `${stdout}${stderr}` }),
    );
  const broken = await run({ EVIDENCE_KEY: signingKey });
  expect(broken.code).toBe(1);
  expect(broken.stdout).toContain("OBS-0002: The row was changed after it was signed.");
  expect(broken.stdout).toMatch(/\[#{30}\] 100% \d+ of \d+\n/);
  expect(broken.stdout).not.toContain(signingKey);

  await rig.site.owner.begin(async (tx) => {
    await tx`alter table observations disable trigger user`;
    await tx`delete from observations`;
    await tx`alter table observations enable trigger user`;
  });
  const paper = await logOf(2);
  const good = await run({ EVIDENCE_KEY: signingKey });
  expect(good).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(`${paper.slug}: 2 observations, verified`),
  });
  expect(good.stdout).toContain("All 2 observations are verified.");
});
