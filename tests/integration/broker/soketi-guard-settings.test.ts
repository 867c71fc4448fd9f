import { createRequire } from "node:module";
import { expect, test } from "vitest";

const { readSettings } = createRequire(import.meta.url)(
  "../../../tools/soketi/guard/settings.cjs",
) as {
  readSettings: (env: Readonly<Record<string, string>>) => {
    readonly allowedOrigins: readonly string[];
  };
};

test("the guard's origins are separated by commas, spaces or both, as those of the site are", () => {
  const origins = ["https://example.org", "https://www.example.org"];
  for (const separator of [",", " ", ", "]) {
    const { allowedOrigins } = readSettings({ SOKETI_ALLOWED_ORIGINS: origins.join(separator) });
    expect(allowedOrigins).toEqual(origins);
  }
  expect(readSettings({ SOKETI_ALLOWED_ORIGINS: `${origins[0]} ` }).allowedOrigins).toEqual([
    origins[0],
  ]);
});
