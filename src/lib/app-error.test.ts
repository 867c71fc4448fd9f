import { expect, test } from "vitest";
import { AppError, isAppError } from "./app-error.ts";

test("an error of another bundle's copy of the class is ours as well, and no other is", () => {
  class Copy extends Error {
    override readonly name = "AppError";
    readonly code = "too_many_requests";
  }
  expect(isAppError(new Copy("Wait."))).toBe(true);
  expect(isAppError(new AppError("internal", "Broke."))).toBe(true);
  expect([new Error("x"), { name: "AppError" }, null].map(isAppError)).toEqual([
    false,
    false,
    false,
  ]);
});
