import { expect, test } from "vitest";
import { assertMadeFor } from "./page-viewer.ts";

const codeOf = (madeFor: string | null, userId: string | null) => {
  try {
    assertMadeFor(madeFor, userId);
    return "allowed";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test("a page acts for the account it was rendered for and for no other", () => {
  expect(codeOf("ann", "ann")).toBe("allowed");
  expect(codeOf(null, null)).toBe("allowed");
  expect(codeOf("ann", "ben")).toBe("other_viewer");
  expect(codeOf(null, "ben")).toBe("other_viewer");
  expect(codeOf("ann", null)).toBe("unauthenticated");
});
