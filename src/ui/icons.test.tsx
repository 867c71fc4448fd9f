import * as lucide from "lucide-react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import * as icons from "./icons.ts";
import * as pageIcons from "./page-icons.ts";

const withoutClass = (markup: string) => markup.replace(/ class="[^"]*"/, "");
const known = new Map<string, unknown>(Object.entries(lucide));

test.each(Object.entries({ ...icons, ...pageIcons }))(
  "the icon %s draws the shape that Lucide gives that name",
  (name, Own) => {
    const Known = known.get(name) as typeof Own;
    expect(renderToStaticMarkup(<Own />)).toBe(withoutClass(renderToStaticMarkup(<Known />)));
  },
);

test("an icon takes the attributes of an svg, and one with a label is not hidden", () => {
  const markup = renderToStaticMarkup(
    <icons.Bell className="size-4" aria-hidden={false} aria-label="News" />,
  );
  expect(markup).toContain('class="size-4"');
  expect(markup).toContain('aria-hidden="false"');
  expect(markup).toContain('aria-label="News"');
});
