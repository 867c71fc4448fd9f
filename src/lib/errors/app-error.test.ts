import { expect, test } from "vitest";
import { AppError } from "./app-error.ts";

test("an AppError from another bundle's copy of the class is recognised, and no other error is", () => {
  class Copy extends Error {
    override readonly name = "AppError";
    readonly code = "too_many_requests";
  }
  const isOurs = (thrown: unknown) => thrown instanceof AppError;
  expect([new Copy("Wait."), new AppError("internal", "Broke.")].map(isOurs)).toEqual([true, true]);
  expect([new Error("x"), { name: "AppError" }, null].map(isOurs)).toEqual([false, false, false]);
});
