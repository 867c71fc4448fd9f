import { expect, test } from "vitest";
import { createProgressBar, progressLine } from "./progress-bar.ts";

function shown(isTTY: boolean, total: number): string {
  let text = "";
  const write = (part: string | Uint8Array) => {
    text += String(part);
    return true;
  };
  const show = createProgressBar({ isTTY, write });
  for (let done = 0; done <= total; done += 1) show(done, total);
  return text;
}

test("the bar grows with the share of the work", () => {
  expect(progressLine(0, 300)).toBe(`[${"-".repeat(30)}]   0% 0 of 300`);
  expect(progressLine(100, 300)).toBe(`[${"#".repeat(10)}${"-".repeat(20)}]  33% 100 of 300`);
  expect(progressLine(300, 300)).toBe(`[${"#".repeat(30)}] 100% 300 of 300`);
  expect(progressLine(0, 0)).toBe(`[${"#".repeat(30)}] 100% 0 of 0`);
});

test("a terminal has one line, which ends with the work; a file has one line for each tenth", () => {
  expect(shown(true, 300).match(/\n/g)).toHaveLength(1);
  expect(shown(true, 300).match(/\r/g)).toHaveLength(301);
  expect(shown(false, 300).trimEnd().split("\n")).toHaveLength(11);
  expect(shown(false, 0)).toBe(`${progressLine(0, 0)}\n`);
});
