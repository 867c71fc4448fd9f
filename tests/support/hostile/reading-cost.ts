import { createElement } from "react";
import { renderToString } from "react-dom/server";
import type { TextSource } from "@/lib/rendering/rendered-text.ts";
import type { Renderer } from "@/lib/rendering/renderer.ts";
import { mainThreadCpuMs, median } from "../../../bench/support/measure.ts";

/** Milliseconds of the main thread's CPU while a worker renders a text, and what came of it. */
export async function costOfRendering(renderer: Renderer, source: TextSource) {
  const before = mainThreadCpuMs();
  const outcome = await renderer.render(source, "mallory");
  const renderMs = mainThreadCpuMs() - before;
  const html = outcome !== null && "html" in outcome ? outcome.html : null;
  const reason = outcome !== null && "reason" in outcome ? outcome.reason : "waiting";
  return { renderMs, html, kind: html === null ? reason : "html" };
}

/**
 * Milliseconds of the main thread's CPU to write a rendered text into a page. The median of three, so that a pause of the
 * garbage collector does not count as the text's.
 */
export const costOfReading = (renderer: Renderer, source: TextSource, html: string | null) =>
  median([1, 2, 3].map(() => readOnce(renderer, source, html)));

/** 3.5 MB of JSON. */
const yardstick = JSON.stringify(
  Array.from({ length: 60_000 }, (_, id) => ({
    id,
    name: `name ${id}`,
    tags: ["a", "b"],
    on: true,
  })),
);

/**
 * Milliseconds of the main thread's CPU to parse 3.5 MB of JSON: about 50 on a core of 2020. Costs are compared with it,
 * because milliseconds depend on the machine and on what else runs on it.
 */
export const costOfParsing = () =>
  median(
    [1, 2, 3].map(() => {
      const startMs = mainThreadCpuMs();
      JSON.parse(yardstick);
      return mainThreadCpuMs() - startMs;
    }),
  );

function readOnce(renderer: Renderer, source: TextSource, html: string | null): number {
  const startMs = mainThreadCpuMs();
  renderer.digestOf(source);
  const inner = html === null ? source.text : { dangerouslySetInnerHTML: { __html: html } };
  renderToString(
    typeof inner === "string" ? createElement("pre", null, inner) : createElement("div", inner),
  );
  // A page carries the text a second time, for React in the browser.
  JSON.stringify({ text: html ?? source.text }).replaceAll("<", "\\u003c");
  return mainThreadCpuMs() - startMs;
}
