import { expect, test } from "vitest";
import { AppError } from "./app-error.ts";

test("an error of another bundle's copy of the class is ours as well, and no other is", () => {
  class Copy extends Error {
    override readonly name = "AppError";
    readonly code = "too_many_requests";
  }
  const isOurs = (thrown: unknown) => thrown instanceof AppError;
  expect([new Copy("Wait."), new AppError("internal", "Broke.")].map(isOurs)).toEqual([true, true]);
  expect([new Error("x"), { name: "AppError" }, null].map(isOurs)).toEqual([false, false, false]);
});
