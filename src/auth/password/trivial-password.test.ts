import { expect, test } from "vitest";
import { whyTrivial } from "./trivial-password.ts";

const ann = ["ann-moreau", "Ann Moreau", "ann.moreau@example.org"];

test.each([
  "password123",
  "1234567890",
  "qwertyuiop",
  "aaaaaaaaaa",
  "P4ssw0rd2024!",
  "iloveyou!!!1",
  "abcabcabcabc",
  "abcdefghijkl",
  "0987654321",
  "asdfghjkl123",
  "annmoreau1",
  "ann-moreau",
  "Moreau2024",
])("%s is refused with a reason", async (password) => {
  expect(await whyTrivial(password, ann)).toMatch(/\.$/);
});

test.each([
  "paper-and-ink",
  "correct horse battery",
  "paper and ink",
  "tangerine 4 otters",
  "xK9#mQ2$vL",
  "my aunt ann moreau sings",
])("%s is accepted", async (password) => {
  expect(await whyTrivial(password, ann)).toBeNull();
});
