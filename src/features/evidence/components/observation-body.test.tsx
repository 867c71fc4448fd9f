import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { ObservationEntry } from "../schema.ts";
import { ObservationBody } from "./observation-body.tsx";

const observation: ObservationEntry = {
  number: 1,
  statement: "A statement",
  figures: [],
  source: { name: "A source", url: "https://evil.example/" },
  eventAt: "2026-01-01T00:00:00.000Z",
  ingestedAt: "2026-01-01T00:00:00.000Z",
  clearance: "public",
  corrects: null,
  correctedBy: null,
  integrity: "verified",
};
const render = (entry: ObservationEntry) =>
  renderToStaticMarkup(<ObservationBody observation={entry} path="/publications/a/evidence" />);

test("a link to the source of an observation says that this site does not vouch for it", () => {
  expect(render(observation)).toContain(
    '<a href="https://evil.example/" rel="noopener noreferrer nofollow ugc" class="text-link">A source</a>',
  );
});

test("the source of an observation that fails its check is no link", () => {
  const html = render({ ...observation, integrity: "broken" });
  expect(html).toContain("A source");
  expect(html).not.toContain("evil.example");
});
