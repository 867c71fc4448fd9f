import { articleLimits } from "@/lib/article-limits.ts";

/** The slug of a title: "Ångström’s café" is `angstroms-cafe`; `""` when no characters are left. */
export function toSlug(title: string): string {
  const words = title
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/\p{Mark}|['’]/gu, "")
    .replaceAll("ß", "ss")
    .match(/[a-z0-9]+/g);
  let slug = "";
  for (const word of words ?? []) {
    const longer = slug === "" ? word : `${slug}-${word}`;
    if (longer.length > articleLimits.slug) break;
    slug = longer;
  }
  return slug || (words?.[0]?.slice(0, articleLimits.slug) ?? "");
}
