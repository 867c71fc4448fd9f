import type { CodePart } from "@/lib/highlight.ts";

/** Code, coloured. What is wider than the page scrolls by itself, also by key. */
export function Code({ parts }: { parts: readonly CodePart[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by key
    <pre tabIndex={0}>
      <code>
        <Parts parts={parts} />
      </code>
    </pre>
  );
}

function Parts({ parts }: { parts: readonly CodePart[] }) {
  return parts.map((part, index) =>
    typeof part === "string" ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no name, and no state
      <span key={index} className={part.className}>
        <Parts parts={part.parts} />
      </span>
    ),
  );
}
