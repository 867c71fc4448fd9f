/**
 * Whether a tree is small enough for a page. Stops at the first bound it passes, and uses no recursion: a
 * tree may be deeper than the stack.
 *
 * @param {{ children?: unknown[] }} root
 * @param {{ maxElements: number, maxDepth: number }} bounds
 * @returns {boolean}
 */
export function fits(root, { maxElements, maxDepth }) {
  const open = [{ node: root, depth: 0 }];
  let elements = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > maxDepth || elements > maxElements) return false;
    for (const child of node.children ?? []) {
      if (child.children === undefined) continue;
      elements += 1;
      open.push({ node: child, depth: depth + 1 });
    }
  }
  return elements <= maxElements;
}
