import { dirname, join, normalize } from "node:path";

/** The documents of the published package, at the same paths as in the repository. */
export const packageDocuments = ["README.md", "LICENSE", "docs/protocol.md"] as const;

const link = /(!?)\[([^\]]*)\]\(([^)\s]+)\)/g;
const note = "Documents that are named without a link are in the repository.";

/** Replaces links to files that are not in the package by their text, and removes such images. */
export function toPackageDocument(document: string, text: string): string {
  let isChanged = false;
  const linked = text.replace(link, (whole, image: string, label: string, target: string) => {
    if (isInPackage(document, target)) return whole;
    isChanged = true;
    return image === "" ? label : "";
  });
  if (!isChanged) return text;
  return `${linked.replace(/\n{3,}/g, "\n\n").trimEnd()}\n\n${note}\n`;
}

function isInPackage(document: string, target: string): boolean {
  if (/^(https?:|#)/.test(target)) return true;
  const path = normalize(join(dirname(document), target.replace(/#.*/, "")));
  return packageDocuments.some((each) => each === path);
}
