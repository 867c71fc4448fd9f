import { getGist } from "@/features/gists/get-gist.ts";
import { renderGist } from "@/features/gists/render-gist.ts";
import type { Gist } from "@/features/gists/schema.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { renderText } from "@/wiring/renderings.ts";

/** Reads a gist as the viewer, then renders its files. */
export async function readGist(input: { readonly id: string }): Promise<Gist> {
  return renderGist(await readAsViewer((ctx) => getGist(ctx, input)), renderText);
}
