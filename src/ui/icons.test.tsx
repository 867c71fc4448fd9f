import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as lucide from "lucide-react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import * as icons from "./icons.ts";

const sprite = new DOMParser().parseFromString(
  readFileSync(join(import.meta.dirname, "icons.svg"), "utf8"),
  "image/svg+xml",
);
const known = new Map<string, unknown>(Object.entries(lucide));

/** The elements that an icon draws, each with its attributes. */
const shapesIn = (parent: Element | null) =>
  [...(parent?.children ?? [])].map((shape) => [
    shape.tagName,
    Object.fromEntries([...shape.attributes].map(({ name, value }) => [name, value])),
  ]);

const rendered = (Shown: icons.Icon) => {
  const template = document.createElement("template");
  template.innerHTML = renderToStaticMarkup(<Shown />);
  return template.content.firstElementChild;
};

test.each(Object.entries(icons))(
  "the icon %s draws the shape that Lucide gives that name",
  (name, Own) => {
    const href = rendered(Own)?.querySelector("use")?.getAttribute("href") ?? "";
    const shapes = shapesIn(sprite.getElementById(href.slice(href.indexOf("#") + 1)));
    expect(shapes.length).toBeGreaterThan(0);
    expect(shapes).toEqual(shapesIn(rendered(known.get(name) as icons.Icon)));
  },
);

test("the file has no symbol without an icon", () => {
  expect(sprite.querySelectorAll("symbol")).toHaveLength(Object.keys(icons).length);
});

test("an icon takes the attributes of an svg, and one with a label is not hidden", () => {
  const markup = renderToStaticMarkup(
    <icons.Bell className="size-4" aria-hidden={false} aria-label="News" />,
  );
  expect(markup).toContain('class="size-4"');
  expect(markup).toContain('aria-hidden="false"');
  expect(markup).toContain('aria-label="News"');
});
