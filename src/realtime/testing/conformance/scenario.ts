import { deepStrictEqual } from "node:assert";
import type { Viewer } from "../../server/viewer.ts";
import { defaultViewer, openPage, type Page, type PageOptions } from "./page.ts";
import { openReader, type Reader } from "./reader.ts";
import type { ConformanceScenario, ConformanceStack, Room } from "./stack.ts";

/** Default timeout. Most scenarios take a second or two; those that wait for a ping set a longer one. */
const timeoutMs = 20_000;

/** A stack with pages that are closed after the scenario. */
export type Bench = ConformanceStack & {
  openPage(options?: PageOptions): Page;
  /** Opens a page that shows the content of the room. */
  openReader(room: Room, viewer?: Viewer): Reader;
};

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
      const readers: Reader[] = [];
      const read = (room: Room, viewer = defaultViewer) => {
        const reader = openReader(stack, open({ viewer }), room, viewer);
        readers.push(reader);
        return reader;
      };
      try {
        await run({ ...stack, openPage: open, openReader: read });
      } finally {
        for (const reader of readers) reader.close();
        for (const page of pages) page.client.close();
      }
    },
  };
}

/** @throws {AssertionError} with the difference */
export function same(actual: unknown, expected: unknown, what: string): void {
  deepStrictEqual({ [what]: actual }, { [what]: expected });
}
