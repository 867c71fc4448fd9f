import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createDatabase } from "../src/db/database.ts";
import { type ChainReport, checkChains } from "../src/features/evidence/read/check-chain.ts";
import { observationRef } from "../src/lib/evidence/observation.ts";
import { createEvidenceKeys, publicKeyText } from "../src/lib/evidence/signing.ts";
import { main } from "./parts/main.ts";
import { PartError } from "./parts/part-error.ts";
import { createProgressBar } from "./parts/progress-bar.ts";
import { dataFolder, readVariables, type Variables } from "./parts/settings.ts";
import { openSiteDatabase } from "./site/running-database.ts";

/** Broken rows that are listed for each publication. */
const listed = 50;

/** `npm run verify:evidence`: walks over the evidence log of every publication. The exit code is 1 when a row is broken. */
await main(async () => {
  const variables = readVariables();
  const keys = createEvidenceKeys(keyTexts(variables));
  const server = await openSiteDatabase(variables);
  const database = createDatabase(server.appUrl, { maxConnections: 1 });
  try {
    const reports = await checkChains({
      run: (action) => database.asWorker((tx) => action({ tx })),
      keys,
      onProgress: createProgressBar(process.stdout),
    });
    for (const report of reports) console.log(linesOf(report).join("\n"));
    const broken = reports.reduce((sum, report) => sum + report.broken.length, 0);
    const checked = reports.reduce((sum, report) => sum + report.checked, 0);
    console.log(
      broken === 0
        ? `\nAll ${checked} observations are verified.`
        : `\n${broken} problems in ${checked} observations.`,
    );
    return broken === 0 ? 0 : 1;
  } finally {
    await database.close();
    await server.close();
  }
});

function linesOf({ slug, checked, headHash, broken }: ChainReport): readonly string[] {
  const state = broken.length === 0 ? "verified" : `BROKEN (${broken.length})`;
  const more = broken.length - listed;
  return [
    `  ${slug}: ${checked} observations, ${state}, last hash ${headHash}`,
    ...broken
      .slice(0, listed)
      .map(({ number, reason }) => `    ${observationRef(number)}: ${reason}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

/** The keys of the environment, else the one that `npm run dev` and `npm start` have stored. None is created here. */
function keyTexts(variables: Variables) {
  const stored = join(dataFolder(variables), "evidence-key");
  const signingKey =
    variables.EVIDENCE_KEY ?? (existsSync(stored) ? readFileSync(stored, "utf8").trim() : null);
  const formerKeys = (variables.EVIDENCE_PUBLIC_KEYS ?? "").split(/[\s,]+/).filter(Boolean);
  if (signingKey === null && formerKeys.length === 0) {
    throw new PartError("There is no key to check signatures with.", {
      code: "start-failed",
      wayOut: "Set EVIDENCE_KEY, or EVIDENCE_PUBLIC_KEYS to the public key of the site.",
    });
  }
  if (signingKey !== null) console.log(`Public key of EVIDENCE_KEY: ${publicKeyText(signingKey)}`);
  return { signingKey, formerKeys };
}
