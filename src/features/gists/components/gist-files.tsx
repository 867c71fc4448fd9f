import { count } from "@/lib/text/text.ts";
import { RenderedCode } from "@/ui/rendered-text.tsx";
import type { GistFile } from "../schema.ts";

/** The files of a gist, each with its name and length. */
export function GistFiles({ files }: { files: readonly GistFile[] }) {
  return (
    <div className="space-y-10">
      {files.map(({ id, filename, lines, text }) => (
        <section key={id} aria-labelledby={id} className="code-file">
          <div className="mb-2 flex items-baseline justify-between gap-4">
            <h2 id={id} className="min-w-0 font-mono text-xs font-semibold">
              {filename}
            </h2>
            <span className="shrink-0 text-xs text-ink-faint">{count(lines, "line")}</span>
          </div>
          <RenderedCode text={text} />
        </section>
      ))}
    </div>
  );
}
