import { basename } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take half a minute or more, mostly waiting. Started last, one of them would run alone at the end. */
const long = new Set([
  "conformance.test.ts",
  "simulation.test.ts",
  "takeover.test.ts",
  "sse.test.ts",
  "parts.test.ts",
  "cluster.test.ts",
  "unsignalled.test.ts",
  "database-faults.test.ts",
  "broker-keys.test.ts",
  "holes.test.ts",
]);
const isLong = ({ moduleId }: TestSpecification) => long.has(basename(moduleId));

/** Starts the long files first, so that the workers end at about the same time. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
