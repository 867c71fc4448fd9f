import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { createId } from "./create-id.ts";

test("an id is a UUID of version 4, another one each time", () => {
  const ids = Array.from({ length: 1_000 }, createId);
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(z.uuidv4().safeParse(id).success, id).toBe(true);
});

test("an id is made where the browser has nothing but getRandomValues", () => {
  vi.stubGlobal("crypto", {
    getRandomValues: crypto.getRandomValues.bind(crypto),
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  expect(z.uuidv4().safeParse(createId()).success).toBe(true);
});
