import { cn } from "@/lib/cn.ts";
import { plainNotices, type RenderedText } from "@/lib/rendering/rendered-text.ts";
import { Notice } from "./notice.tsx";

/** The text of an article. Without HTML it shows the source text with the reason above it. */
export function RenderedProse({ text, className }: { text: RenderedText; className?: string }) {
  if ("html" in text) {
    return (
      <div
        className={cn("prose", className)}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: the renderer escapes and sanitises
        dangerouslySetInnerHTML={{ __html: text.html }}
      />
    );
  }
  return (
    <div className={className}>
      <PlainNotice text={text} className="mb-6" />
      <div className="prose wrap-anywhere whitespace-pre-wrap">{text.plain}</div>
    </div>
  );
}

/** A code file. Long lines scroll sideways, also by key. */
export function RenderedCode({ text }: { text: RenderedText }) {
  return (
    <>
      {"plain" in text && <PlainNotice text={text} className="mb-2" />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by key */}
      <pre tabIndex={0}>
        {"html" in text ? (
          // biome-ignore lint/security/noDangerouslySetInnerHtml: the renderer escapes and sanitises
          <code dangerouslySetInnerHTML={{ __html: text.html }} />
        ) : (
          <code>{text.plain}</code>
        )}
      </pre>
    </>
  );
}

function PlainNotice({
  text,
  className,
}: {
  text: Extract<RenderedText, { plain: string }>;
  className: string;
}) {
  const notice = plainNotices[text.reason];
  return (
    notice !== null && (
      <Notice role="status" className={className}>
        {notice}
      </Notice>
    )
  );
}
