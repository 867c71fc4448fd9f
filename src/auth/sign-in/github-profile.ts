import { z } from "zod";
import { typedText } from "@/lib/text/typed-text.ts";

/** What this site reads of a person's profile at GitHub. */
export interface GithubProfile {
  readonly login?: string;
  readonly email?: string | null;
  /** Whether the person has shown GitHub that they receive the e-mails of this address. */
  readonly isEmailVerified: boolean;
}

const emailsSchema = z.array(
  z.object({ email: typedText(), primary: z.boolean(), verified: z.boolean() }),
);

/**
 * Adds to a profile of GitHub whether its e-mail is verified, and the primary e-mail when the profile hides it. The
 * profile itself does not say it. When GitHub does not answer within 5 s, no e-mail is verified.
 */
export async function withVerifiedEmail<Profile extends Omit<GithubProfile, "isEmailVerified">>(
  profile: Profile,
  accessToken: string,
  fetch = globalThis.fetch,
): Promise<Profile & { readonly email?: string; readonly isEmailVerified: boolean }> {
  const emails = await readEmails(accessToken, fetch).catch(() => []);
  const shown = profile.email?.toLowerCase();
  const used = emails.find(({ email, primary }) =>
    shown === undefined ? primary : email.toLowerCase() === shown,
  );
  const email = profile.email ?? used?.email;
  return {
    ...profile,
    ...(email !== undefined && { email }),
    isEmailVerified: used?.verified === true,
  };
}

const deadlineMs = 5_000;

async function readEmails(accessToken: string, fetch: typeof globalThis.fetch) {
  const response = await fetch("https://api.github.com/user/emails", {
    headers: { authorization: `Bearer ${accessToken}` },
    signal: AbortSignal.timeout(deadlineMs),
  });
  return response.ok ? emailsSchema.parse(await response.json()) : [];
}
