import { access } from "./conformance/access.ts";
import { delivery } from "./conformance/delivery.ts";
import { distrust } from "./conformance/distrust.ts";
import { lifetime } from "./conformance/lifetime.ts";
import { repair } from "./conformance/repair.ts";
import type { ConformanceScenario } from "./conformance/stack.ts";

/**
 * What every way of delivery owes to a page, whatever carries it. Wrap each in a test of your runner,
 * on a stack of its own:
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
];
