import { deepStrictEqual } from "node:assert";
import { openPage, type Page, type PageOptions } from "./page.ts";
import type { ConformanceScenario, ConformanceStack } from "./stack.ts";

/** Most take a second or two; those that wait for a ping or a release say so. */
const timeoutMs = 20_000;

/** A stack, and pages on it that are closed with the scenario. */
export type Bench = ConformanceStack & { openPage(options?: PageOptions): Page };

export function scenario(
  title: string,
  run: (bench: Bench) => Promise<void>,
  options: { readonly timeoutMs?: number } = {},
): ConformanceScenario {
  return {
    title,
    timeoutMs: options.timeoutMs ?? timeoutMs,
    run: async (stack) => {
      const pages: Page[] = [];
      const open = (pageOptions?: PageOptions) => {
        const page = openPage(stack, pageOptions);
        pages.push(page);
        return page;
      };
      try {
        await run({ ...stack, openPage: open });
      } finally {
        for (const page of pages) page.client.close();
      }
    },
  };
}

/** @throws {AssertionError} that shows the difference. */
export function same(actual: unknown, expected: unknown, what: string): void {
  deepStrictEqual({ [what]: actual }, { [what]: expected });
}
