import { sql } from "drizzle-orm";
import type { Database } from "@/db/database.ts";
import { renderings } from "@/db/schema.ts";
import { env } from "@/lib/env.ts";
import { log } from "@/lib/logging/log.ts";
import {
  createRenderText,
  type RenderText,
  type RenderTextOptions,
} from "@/lib/rendering/create-render-text.ts";
import type { RenderedText } from "@/lib/rendering/rendered-text.ts";
import { createRenderer, type Renderer } from "@/lib/rendering/renderer.ts";
import { singleton } from "@/lib/singleton.ts";
import { database } from "./database.ts";

/** Renders texts in worker threads; see docs/decisions/0030. */
export const renderer = (): Renderer =>
  singleton("renderer", () => createRenderer({ imageHosts: env().imageHosts }));

/** The rendered text, from the database when it was rendered before. */
export const renderText: RenderText = (...text) =>
  singleton("render-text", () =>
    createRenderText({
      renderer: renderer(),
      save: saveRendering(database()),
      onError: (error) => log.warn("a rendering was not saved", { error }),
    }),
  )(...text);

/** Renders Markdown for the preview of its author. Nothing is stored. */
export async function previewText(text: string, writerId: string): Promise<RenderedText> {
  const outcome = await renderer().render({ kind: "markdown", text }, writerId);
  if (outcome === null) return { plain: text, reason: "waiting" };
  return "html" in outcome ? outcome : { plain: text, reason: outcome.reason };
}

/** Stores the result of a rendering. Another attempt with the same text increments its counter. */
export function saveRendering(db: Database): RenderTextOptions["save"] {
  return (place, digest, outcome) => {
    const isArticle = place.table === "articles";
    const values = {
      digest,
      html: "html" in outcome ? outcome.html : null,
      reason: "html" in outcome ? null : outcome.reason,
    };
    return db.asWorker(async (tx) => {
      await tx
        .insert(renderings)
        .values({ ...(isArticle ? { articleId: place.id } : { gistFileId: place.id }), ...values })
        .onConflictDoUpdate({
          target: isArticle ? renderings.articleId : renderings.gistFileId,
          set: {
            ...values,
            renderedAt: sql`now()`,
            attempts: sql`case when ${renderings.digest} = excluded.digest then ${renderings.attempts} + 1 else 1 end`,
          },
        });
    });
  };
}
