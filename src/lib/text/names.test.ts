import { expect, test } from "vitest";
import { idsIn, splitAtIds } from "./names.ts";

const [one, two] = [
  "7c9e6679-7425-40de-944b-e07fc1f90ae7",
  "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",
] as const;

test("ids are found wherever they stand in a text, each once", () => {
  expect(idsIn(`user ${one}`, `{"a":"${two}","b":"${one.toUpperCase()}"}`, "none")).toEqual([
    one,
    two,
  ]);
  expect(splitAtIds(`from ${one} to ${two}.`)).toEqual(["from ", one, " to ", two, "."]);
});
