import { access } from "./conformance/access.ts";
import { delivery } from "./conformance/delivery.ts";
import { distrust } from "./conformance/distrust.ts";
import { lifetime } from "./conformance/lifetime.ts";
import { reads } from "./conformance/reads.ts";
import { repair } from "./conformance/repair.ts";
import type { ConformanceScenario } from "./conformance/stack.ts";

/**
 * The conformance suite: the promises that every transport and log have to keep, from a write to the read of
 * another viewer. Make a test of each scenario,
 * with a new stack for each:
 *
 * ```ts
 * for (const { title, run, timeoutMs } of conformanceScenarios) {
 *   test(title, async () => run(await makeStack()), timeoutMs);
 * }
 * ```
 */
export const conformanceScenarios: readonly ConformanceScenario[] = [
  ...delivery,
  ...repair,
  ...access,
  ...lifetime,
  ...distrust,
  ...reads,
];
