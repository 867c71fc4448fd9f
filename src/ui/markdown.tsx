import ReactMarkdown, { type Components } from "react-markdown";
import rehypeHighlight from "rehype-highlight";
import remarkGfm from "remark-gfm";

/** Links out of the site open with no way back to us; raw HTML in the source is shown, not run. */
const components: Components = {
  a: ({ node: _, href = "", children, ...props }) => {
    const isOutside = /^https?:/.test(href);
    return (
      <a href={href} {...(isOutside && { rel: "noopener nofollow ugc" })} {...props}>
        {children}
      </a>
    );
  },
  table: ({ node: _, ...props }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by key
    <section className="table-scroll" aria-label="Table" tabIndex={0}>
      <table {...props} />
    </section>
  ),
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by key
  pre: ({ node: _, ...props }) => <pre tabIndex={0} {...props} />,
  h1: ({ node: _, ...props }) => <h2 {...props} />,
};

/**
 * Renders markdown. For server components, and for the editor's preview, which loads it by itself:
 * parser and highlighter are not shipped to readers.
 */
export function Markdown({ children }: { children: string }) {
  return (
    <ReactMarkdown
      remarkPlugins={[remarkGfm]}
      rehypePlugins={[[rehypeHighlight, { detect: false }]]}
      components={components}
    >
      {children}
    </ReactMarkdown>
  );
}
