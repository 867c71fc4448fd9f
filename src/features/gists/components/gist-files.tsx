import type { CodePart } from "@/lib/highlight.ts";
import { count } from "@/lib/text.ts";
import { Code } from "@/ui/code.tsx";
import type { GistFile } from "../schema.ts";

/** The files of a gist, one under the other, each with its name and length. */
export function GistFiles({ files }: { files: readonly GistFile[] }) {
  return (
    <div className="space-y-10">
      {files.map(({ id, filename, parts }) => (
        <section key={id} aria-labelledby={id} className="code-file">
          <div className="mb-2 flex items-baseline justify-between gap-4">
            <h2 id={id} className="min-w-0 font-mono text-xs font-semibold">
              {filename}
            </h2>
            <span className="shrink-0 text-xs text-ink-faint">{count(linesOf(parts), "line")}</span>
          </div>
          <Code parts={parts} />
        </section>
      ))}
    </div>
  );
}

function linesOf(parts: readonly CodePart[]): number {
  const breaks = (part: CodePart): number =>
    typeof part === "string"
      ? part.split("\n").length - 1
      : part.parts.reduce((sum, inner) => sum + breaks(inner), 0);
  return 1 + parts.reduce<number>((sum, part) => sum + breaks(part), 0);
}
