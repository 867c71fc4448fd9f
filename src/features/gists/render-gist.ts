import type { RenderText } from "@/lib/rendering/create-render-text.ts";
import type { Gist, GistSource } from "./schema.ts";

/**
 * Renders the files of a gist. Call it after the transaction that read the gist, since rendering may take a
 * second.
 */
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
