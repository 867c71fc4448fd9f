import { parentPort } from "node:worker_threads";
import { codeToHtml } from "./code.mjs";
import { markdownToHtml } from "./markdown.mjs";

/**
 * What a worker thread runs for one text. Plain JavaScript, since a worker thread loads it without the
 * bundler. The pool in renderer.ts ends the thread when it passes its deadline or its memory.
 *
 * @param {import("./rendered-text.ts").RenderTask & { id: number }} task its id is posted when the work begins:
 * the deadline counts from then
 * @returns {string | null} HTML, or null when the result would be too large for a page.
 */
export function renderText(task) {
  parentPort?.postMessage(task.id);
  const { kind, text, maxHtmlLength, maxElements, maxDepth } = task;
  const bounds = { maxElements, maxDepth };
  const html =
    kind === "markdown"
      ? markdownToHtml(text, { imageHosts: task.imageHosts, bounds })
      : codeToHtml(text, task.language, bounds);
  return html === null || html.length > maxHtmlLength ? null : html;
}
