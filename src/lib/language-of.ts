import { common, createLowlight } from "lowlight";

const lowlight = createLowlight(common);

/** The language a file is written in, by the ending of its name; `text` when it is not known. */
export function languageOf(filename: string): string {
  const ending = filename.toLowerCase().split(".").at(-1) ?? "";
  return lowlight.registered(ending) ? ending : "text";
}
