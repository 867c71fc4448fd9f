import { expect, test } from "vitest";
import { subscribersInput } from "./schema.ts";

test("the name of a channel that is longer than 164 characters is refused with the limit", () => {
  const parsed = subscribersInput.safeParse({ channel: `tag.${"a".repeat(161)}` });
  expect(parsed.error?.issues.map(({ message }) => message)).toContain(
    "The name of a channel has at most 164 characters.",
  );
});
