import { expect, test } from "vitest";
import { pageOrigins } from "./page-origins.ts";

test("the broker accepts pages from each origin that the site accepts, and from localhost", () => {
  const ALLOWED_ORIGINS = "https://www.example.org/, http://inkwell.internal:8080\nexample.org";
  expect(pageOrigins({ ALLOWED_ORIGINS }, "https://example.org/site", 3000)).toEqual([
    "https://example.org",
    "http://localhost:3000",
    "http://127.0.0.1:3000",
    "https://www.example.org",
    "http://inkwell.internal:8080",
  ]);
  expect(pageOrigins({}, "http://localhost:3000", 3000)).toEqual([
    "http://localhost:3000",
    "http://127.0.0.1:3000",
  ]);
});
