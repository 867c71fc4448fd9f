import { cn } from "@/lib/cn.ts";
import { paragraphs } from "@/lib/text/text.ts";

/** Plain text with paragraphs. Comments have no markup. */
export function CommentBody({ body, className }: { body: string; className?: string }) {
  return (
    <div
      className={cn(
        "max-w-[64ch] space-y-[0.7em] font-serif text-lg leading-[1.5] wrap-anywhere whitespace-pre-line",
        className,
      )}
    >
      {paragraphs(body).map((paragraph, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs are never reordered
        <p key={index}>{paragraph}</p>
      ))}
    </div>
  );
}
