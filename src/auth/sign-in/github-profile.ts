import { z } from "zod";

/** What this site reads of a person's profile at GitHub. */
export interface GithubProfile {
  readonly login?: string;
  readonly email?: string | null;
  /** Whether the person has shown GitHub that they receive the e-mails of this address. */
  readonly isEmailVerified: boolean;
}

const emailsSchema = z.array(
  z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }),
);

/**
 * Adds to a profile of GitHub whether its e-mail is verified, and the primary e-mail when the profile hides it. The
 * profile itself does not say it. When GitHub does not answer, no e-mail is verified.
 */
export async function withVerifiedEmail<Profile extends Omit<GithubProfile, "isEmailVerified">>(
  profile: Profile,
  accessToken: string,
  fetch = globalThis.fetch,
): Promise<Profile & { readonly email?: string; readonly isEmailVerified: boolean }> {
  const response = await fetch("https://api.github.com/user/emails", {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  const emails = response.ok ? emailsSchema.parse(await response.json()) : [];
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
