import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { z } from "zod";
import { ROOT } from "./parts/settings.ts";

/**
 * `npm test`: runs every test, then prints the totals of both runners on the last line. With files
 * (`npm test -- <file…>`) it runs those only.
 */
const chosen = process.argv.slice(2);
const isBrowserTest = (file: string) => file.endsWith(".spec.ts");
const chosenFor = {
  vitest: chosen.filter((file) => !isBrowserTest(file)),
  e2e: chosen.filter(isBrowserTest),
};
const runs = (runner: keyof typeof chosenFor) =>
  chosen.length === 0 || chosenFor[runner].length > 0;
const results = join(ROOT, "test-results");
const files = { vitest: join(results, "vitest.json"), e2e: join(results, "e2e.json") };
const vitestSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(), // the file
      message: z.string(), // why the file could not run
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()),
        }),
      ),
    }),
  ),
});
/** The exit code of a runner that Ctrl-C has stopped. */
const INTERRUPTED = 130;
const playwrightSchema = z.object({
  stats: z.object({
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
});

// Ctrl-C reaches the runner as well, which ends what it has started. Wait for that.
process.on("SIGINT", () => {});

mkdirSync(results, { recursive: true });
for (const file of Object.values(files)) rmSync(file, { force: true });

const vitestOk =
  !runs("vitest") ||
  run("vitest", [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile=${files.vitest}`,
    ...chosenFor.vitest,
  ]);
const vitest = read(files.vitest, vitestSchema);
const e2eOk = !runs("e2e") || run("playwright", ["test", ...chosenFor.e2e]);
const e2e = read(files.e2e, playwrightSchema)?.stats;

const passed = (vitest?.numPassedTests ?? 0) + (e2e?.expected ?? 0);
const told = (vitest?.numFailedTests ?? 0) + (e2e ? e2e.unexpected + e2e.flaky : 0);
// A runner that fails without a failed test (a type error, a failed setup) counts as one failure.
const untold = Number(!vitestOk && !vitest?.numFailedTests) + Number(!e2eOk && !e2e?.unexpected);
const failed = told + untold;
// Vitest's failures are printed again: they are far above Playwright's output.
for (const file of vitest?.testResults ?? []) {
  const name = relative(ROOT, file.name);
  if (file.message) console.log(`FAILED  ${name}\n${file.message}`);
  for (const test of file.assertionResults) {
    if (test.status === "failed") console.log(`FAILED  ${name} > ${test.fullName}`);
    for (const why of test.failureMessages) console.log(why.replace(/^/gm, "        "));
  }
}
if (e2e?.skipped) console.log(`${e2e.skipped} browser tests were skipped: Chromium was not found`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function run(bin: string, args: readonly string[]): boolean {
  const path = join(ROOT, "node_modules", ".bin", bin);
  const { status, signal } = spawnSync(path, args, { cwd: ROOT, stdio: "inherit" });
  if (status === INTERRUPTED || signal === "SIGINT") process.exit(INTERRUPTED);
  return status === 0;
}

function read<Report>(file: string, schema: z.ZodType<Report>): Report | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined; // the runner failed before it wrote the file
  }
}
