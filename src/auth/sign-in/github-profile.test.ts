import { expect, test } from "vitest";
import { withVerifiedEmail } from "./github-profile.ts";

const emails = [
  { email: "Octo@example.org", primary: false, verified: true },
  { email: "chief@paper.example", primary: true, verified: false },
];
const answering = (body: unknown, status = 200) => {
  const asked: (string | null)[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    asked.push(`${url} ${new Headers(init?.headers).get("authorization")}`);
    return Response.json(body, { status });
  };
  return { fetch, asked };
};

test.each([
  ["octo@example.org", "octo@example.org", true],
  ["chief@paper.example", "chief@paper.example", false],
  ["unknown@example.org", "unknown@example.org", false],
  // A profile that hides its e-mail has the primary one.
  [null, "chief@paper.example", false],
] as const)(
  "the e-mail of a GitHub profile with %s is %s, and verified: %s",
  async (shown, email, isVerified) => {
    const { fetch, asked } = answering(emails);
    const profile = await withVerifiedEmail({ login: "octo", email: shown }, "token", fetch);
    expect(profile).toEqual({ login: "octo", email, isEmailVerified: isVerified });
    expect(asked).toEqual(["https://api.github.com/user/emails Bearer token"]);
  },
);

test("no e-mail is verified when GitHub refuses to list the e-mails", async () => {
  const { fetch } = answering({}, 403);
  expect(await withVerifiedEmail({ email: "octo@example.org" }, "token", fetch)).toEqual({
    email: "octo@example.org",
    isEmailVerified: false,
  });
});

test.each<[string, typeof fetch]>([
  ["does not answer", () => Promise.reject(new TypeError("fetch failed"))],
  ["answers something else", async () => Response.json({ message: "Moved" })],
])("no e-mail is verified, and the sign-in goes on, when GitHub %s", async (_, fetch) => {
  expect(await withVerifiedEmail({ email: "octo@example.org" }, "token", fetch)).toEqual({
    email: "octo@example.org",
    isEmailVerified: false,
  });
});
