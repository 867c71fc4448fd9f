const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/**
 * A sentence without the names of its sources, where it attributes something to them: "according to the Harbour
 * office", "the Harbour office said that". A name proves nothing, and whoever publishes a feed chooses it.
 */
export function withoutAttribution(sentence: string, sourceNames: readonly string[]): string {
  let rest = sentence;
  for (const name of sourceNames) {
    const source = String.raw`(?:the\s+)?${escaped(name.trim()).replace(/\s+/g, String.raw`\s+`)}(?![\p{L}\p{N}])`;
    const attributed = String.raw`(?<![\p{L}\p{N}])(?:according to\s+${source}|${source},?\s+(?:says|said|reports|reported)\b(?:\s+that\b)?)`;
    rest = rest.replace(new RegExp(attributed, "giu"), " ");
  }
  return rest;
}
