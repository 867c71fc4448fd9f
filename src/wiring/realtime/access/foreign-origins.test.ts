import { expect, test } from "vitest";
import { createForeignOrigins } from "./foreign-origins.ts";

function setUp() {
  let nowMs = 0;
  const lines: string[] = [];
  const report = createForeignOrigins({
    warn: (message, { origin }) => lines.push(`${origin}: ${message}`),
    now: () => nowMs,
  });
  return { lines, report, advance: (ms: number) => (nowMs += ms) };
}

test("K12 the log names a foreign origin and the remedy, once a minute", () => {
  const { lines, report, advance } = setUp();
  for (let count = 0; count < 50; count += 1) report("http://127.0.0.1:3000");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^http:\/\/127\.0\.0\.1:3000: .*ALLOWED_ORIGINS/);
  advance(60_000);
  report("http://127.0.0.1:3000");
  expect(lines).toHaveLength(2);
});

test("made-up origins do not flood the log", () => {
  const { lines, report } = setUp();
  for (let count = 0; count < 1_000; count += 1) report(`https://${count}.example`);
  report("x".repeat(10_000));
  expect(lines).toHaveLength(20);
});
