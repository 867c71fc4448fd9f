import type { BrowserContext, Page } from "@playwright/test";

/**
 * What listeners and routes of a test do asynchronously. A bare listener that reads a body outlives its
 * page: its promise rejects when the page is closed, and the rejection fails whatever test runs then.
 * Here it ends with its page. When it fails on a page that is still there, its own test fails.
 */

/** Of listeners whose page was still there. */
const failures: unknown[] = [];

/**
 * A listener or route handler that ends with the page:
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
 * Whether the page, its browser or the test has ended, or the document that the answer belonged to: the
 * browser keeps a body no longer than its document. An error can arrive before the page knows its end.
 */
function isEnd(error: unknown): boolean {
  const end = /has been closed|Target closed|Test ended|resource with given identifier/i;
  return error instanceof Error && end.test(error.message);
}

/**
 * Closes the contexts, with which every listener ends.
 *
 * @throws the first failure of a listener whose page was still there.
 */
export async function closeContexts(contexts: readonly BrowserContext[]): Promise<void> {
  await Promise.all(contexts.map((context) => context.close()));
  const [first] = failures.splice(0);
  if (first !== undefined) throw first;
}
