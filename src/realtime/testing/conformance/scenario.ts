import { deepStrictEqual } from "node:assert";
import { openPage, type Page, type PageOptions } from "./page.ts";
import type { ConformanceScenario, ConformanceStack } from "./stack.ts";

/** Default timeout. Most scenarios take a second or two; those that wait for a ping set a longer one. */
const timeoutMs = 20_000;

/** A stack with pages that are closed after the scenario. */
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

/** @throws {AssertionError} with the difference */
export function same(actual: unknown, expected: unknown, what: string): void {
  deepStrictEqual({ [what]: actual }, { [what]: expected });
}
