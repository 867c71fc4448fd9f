import fc from "fast-check";
import { expect, test } from "vitest";
import { articleLimits } from "@/lib/article-limits.ts";
import { toSlug } from "./to-slug.ts";

test("a slug has the words of the title, without accents, quotes and signs", () => {
  expect(toSlug("Page 400 is a lie")).toBe("page-400-is-a-lie");
  expect(toSlug("  Ångström’s “café”: straße & more… ")).toBe("angstroms-cafe-strasse-more");
  expect(toSlug("?!")).toBe("");
});

test("the slug of a long title ends at a word, and a word longer than the limit is cut", () => {
  expect(toSlug("word ".repeat(40))).toMatch(/^(word-)+word$/);
  expect(toSlug("w".repeat(200))).toHaveLength(articleLimits.slug);
});

test("for any title the slug is empty or valid", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (title) => {
      const slug = toSlug(title);
      expect(slug.length).toBeLessThanOrEqual(articleLimits.slug);
      expect(slug).toMatch(/^([a-z0-9]+(-[a-z0-9]+)*)?$/);
    }),
  );
});
