import type { RenderText } from "@/lib/rendering/create-render-text.ts";
import type { Gist, GistSource } from "./schema.ts";

/** A gist as its page shows it. Called after the transaction that read it: rendering may take a second. */
export async function renderGist(
  { files, ...gist }: GistSource,
  renderText: RenderText,
): Promise<Gist> {
  return {
    ...gist,
    files: await Promise.all(
      files.map(async ({ id, filename, language, content, rendering }) => {
        const text = content.trimEnd();
        return {
          id,
          filename,
          lines: text.split("\n").length,
          text: await renderText(
            { table: "gist_files", id, ownerId: gist.owner.id },
            { kind: "code", text, language },
            rendering,
          ),
        };
      }),
    ),
  };
}
