import { toHtml } from "hast-util-to-html";
import { common, createLowlight } from "lowlight";
import { fits } from "./bounds.mjs";

const lowlight = createLowlight(common);

/**
 * Code as HTML: text, and `span` elements with the highlighter's classes. Everything else is escaped.
 *
 * @param {string} text
 * @param {string} language
 * @param {{ maxElements: number, maxDepth: number }} bounds
 * @returns {string | null} Null when there are too many elements, or they are nested too deep.
 */
export function codeToHtml(text, language, bounds) {
  const tree = lowlight.registered(language)
    ? lowlight.highlight(language, text)
    : { type: "root", children: [{ type: "text", value: text }] };
  return fits(tree, bounds) ? toHtml(tree) : null;
}
