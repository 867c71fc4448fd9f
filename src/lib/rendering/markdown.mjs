import { defaultSchema, sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import rehypeHighlight from "rehype-highlight";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { SKIP, visit } from "unist-util-visit";
import { fits } from "./bounds.mjs";
import { imageOf, linkOf } from "./foreign-address.mjs";

/** HTML in the source is shown as text. */
const handlers = { html: (_state, node) => ({ type: "text", value: node.value }) };

const processor = unified().use(remarkParse).use(remarkGfm).use(remarkRehype, { handlers });

const highlight = rehypeHighlight({ detect: false });

/**
 * remark-rehype has prefixed the ids of footnotes already. `adapt` decides on addresses. The language of a block of code
 * is any text by default.
 */
const schema = {
  ...defaultSchema,
  attributes: { ...defaultSchema.attributes, code: [["className", /^language-[\w.+#-]{1,40}$/]] },
  clobber: [],
  protocols: { ...defaultSchema.protocols, src: undefined, href: undefined },
};

/**
 * Markdown as HTML. The tree is sanitised before this module adds anything of the site's own.
 *
 * @param {string} text
 * @param {{ imageHosts: readonly string[], bounds: { maxElements: number, maxDepth: number } }} options
 * @returns {string | null} Null when there are too many elements, or they are nested too deep.
 */
export function markdownToHtml(text, { imageHosts, bounds }) {
  const raw = processor.runSync(processor.parse(text));
  if (!fits(raw, bounds)) return null;
  const tree = sanitize(raw, schema);
  adapt(tree, imageHosts);
  highlight(tree, { message: () => {} });
  return fits(tree, bounds) ? toHtml(tree) : null;
}

/** Links, images, tables and code as this site shows them. */
function adapt(tree, imageHosts) {
  visit(tree, "element", (node, index, parent) => {
    if (node.tagName === "h1") node.tagName = "h2";
    if (node.tagName === "a") node.properties = linkOf(node.properties);
    // What scrolls sideways must be reachable by key.
    if (node.tagName === "pre") node.properties.tabIndex = 0;
    if (node.tagName !== "img") return undefined;
    parent.children[index] = imageOf(node.properties, imageHosts);
    return SKIP;
  });
  wrapTables(tree);
}

/** Runs after `adapt` has visited every element: here the content of a table is skipped. */
function wrapTables(tree) {
  visit(tree, { tagName: "table" }, (node, index, parent) => {
    parent.children[index] = element("section", scrolling, [node]);
    return SKIP;
  });
}

const scrolling = { className: ["table-scroll"], ariaLabel: "Table", tabIndex: 0 };

const element = (tagName, properties, children) => ({
  type: "element",
  tagName,
  properties,
  children,
});
