import { count, fence } from "@/lib/text.ts";
import { Markdown } from "@/ui/markdown.tsx";
import type { GistFile } from "../schema.ts";

/** The files of a gist, one under the other, each with its name and length. */
export function GistFiles({ files }: { files: readonly GistFile[] }) {
  return (
    <div className="space-y-10">
      {files.map((file) => (
        <section key={file.id} aria-labelledby={file.id} className="code-file">
          <div className="mb-2 flex items-baseline justify-between gap-4">
            <h2 id={file.id} className="min-w-0 font-mono text-xs font-semibold">
              {file.filename}
            </h2>
            <span className="shrink-0 text-xs text-ink-faint">
              {count(file.content.trimEnd().split("\n").length, "line")}
            </span>
          </div>
          <Markdown>{fence(file.content.trimEnd(), file.language)}</Markdown>
        </section>
      ))}
    </div>
  );
}
