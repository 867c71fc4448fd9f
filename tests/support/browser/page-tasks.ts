import type { BrowserContext, Page } from "@playwright/test";

/**
 * Asynchronous work of a test's listeners and routes. A plain listener that reads a body can outlive its
 * page: its promise rejects when the page closes, and the rejection fails a later test. Here it ends with
 * its page. When it fails while the page is open, its own test fails.
 */

/** Failures of listeners whose page was still open. */
const failures: unknown[] = [];

/**
 * Wraps a listener or route handler so that it ends with the page:
 * `page.on("response", untilClosed(page, async (response) => { … }))`.
 */
export function untilClosed<Value>(
  page: Page,
  listener: (value: Value) => Promise<unknown>,
): (value: Value) => void {
  return (value) => {
    listener(value).catch((error: unknown) => {
      if (!page.isClosed() && !isEnd(error)) failures.push(error);
    });
  };
}

/**
 * Whether the page, its browser, the test or the response's document has ended: the browser drops a body
 * with its document. An error can arrive before the page emits its end.
 */
function isEnd(error: unknown): boolean {
  const end = /has been closed|Target closed|Test ended|resource with given identifier/i;
  return error instanceof Error && end.test(error.message);
}

/**
 * Closes the contexts, which ends every listener.
 *
 * @throws the first failure of a listener whose page was still open.
 */
export async function closeContexts(contexts: readonly BrowserContext[]): Promise<void> {
  await Promise.all(contexts.map((context) => context.close()));
  const [first] = failures.splice(0);
  if (first !== undefined) throw first;
}
