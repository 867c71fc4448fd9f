import { common, createLowlight } from "lowlight";

const lowlight = createLowlight(common);

/** The language of a file by its extension; `text` when unknown. */
export function languageOf(filename: string): string {
  const ending = filename.toLowerCase().split(".").at(-1) ?? "";
  return lowlight.registered(ending) ? ending : "text";
}
