import { common, createLowlight } from "lowlight";

/** Code as it is coloured: plain text, or a part with the classes of its kind. */
export type CodePart = string | { readonly className: string; readonly parts: readonly CodePart[] };

const lowlight = createLowlight(common);

/** The language a file is written in, by the ending of its name; `text` when it is not known. */
export function languageOf(filename: string): string {
  const ending = filename.toLowerCase().split(".").at(-1) ?? "";
  return lowlight.registered(ending) ? ending : "text";
}

/** Parts code for colouring. For the server: the grammars are not shipped to browsers. */
export function highlight(source: string, language: string): readonly CodePart[] {
  if (!lowlight.registered(language)) return [source];
  return lowlight.highlight(language, source).children.map(toPart);
}

type Node = ReturnType<typeof lowlight.highlight>["children"][number];

function toPart(node: Node): CodePart {
  if (node.type === "text") return node.value;
  if (node.type !== "element") return "";
  const { className } = node.properties;
  return {
    className: Array.isArray(className) ? className.join(" ") : "",
    parts: node.children.map(toPart),
  };
}
