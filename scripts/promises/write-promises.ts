import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readTestTitles } from "../../tests/law/test-titles.ts";
import { ROOT } from "../parts/settings.ts";
import { describePromises } from "./describe-promises.ts";

/** Writes `docs/promises.md`. */
writeFileSync(join(ROOT, "docs", "promises.md"), describePromises(readTestTitles()));
