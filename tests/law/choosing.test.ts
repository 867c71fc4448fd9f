import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const read = (name: string) =>
  readFileSync(join(import.meta.dirname, "..", "..", "docs", name), "utf8");

/** The items of the guide's last section, by their bold beginning, with line breaks as spaces. */
function itemsOf(guide: string): ReadonlyMap<string, string> {
  const section = guide.split("## When realtime is the wrong tool")[1] ?? "";
  const items = section.split(/^- /m).slice(1);
  return new Map(
    items.map((item) => {
      const [, title = "", text = ""] = /^\*\*(.+?)\.\*\*\s+([\s\S]*)$/.exec(item) ?? [];
      return [title, text.replace(/\s+/g, " ").trim()];
    }),
  );
}

test("S4.12 the guide says when not to use channels in memory, and what to use: for guaranteed delivery, several processes, durable queues and long replay", () => {
  const items = itemsOf(read("choosing.md"));
  const remedies: Record<string, RegExp> = {
    "Guaranteed delivery": /is a row .*with a signal/,
    "Several processes without a broker": /Use a broker, or a row and a signal/,
    "Durable queues, and work between services": /Use a job queue/,
    "Long history": /replay holds at most `bufferSize` messages.* is a table/,
  };
  for (const [title, remedy] of Object.entries(remedies)) {
    expect([title, items.get(title)]).toEqual([title, expect.stringMatching(remedy)]);
  }
});

test("the page about ephemeral channels refers to that guide", () => {
  expect(read("ephemeral.md")).toContain("](choosing.md");
});
