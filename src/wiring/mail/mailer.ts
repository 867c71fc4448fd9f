import { env } from "@/lib/env.ts";
import type { Mailer } from "@/lib/mail/mailer.ts";
import { seal, unseal } from "@/lib/sealed.ts";
import { singleton } from "@/lib/singleton.ts";
import { createSmtpMailer } from "./smtp-mailer.ts";

/** The mailer of this process; `null` when SMTP_URL is not set. */
export const mailer = (): Mailer | null =>
  singleton("mailer", () => {
    const settings = env().mail;
    return settings === null ? null : createSmtpMailer(settings);
  });

const optionsFor = (invitationId: string) => ({
  secret: env().auth.secret,
  purpose: "token of an invitation",
  context: invitationId,
});

/** Encrypts the token of an invitation until its e-mail is sent; `null` when no e-mail will be sent. */
export function sealToken(invitationId: string, token: string): string | null {
  return mailer() === null ? null : seal(token, optionsFor(invitationId));
}

/** @returns `null` when the token was encrypted with another NEXTAUTH_SECRET */
export const unsealToken = (invitationId: string, sealed: string): string | null =>
  unseal(sealed, optionsFor(invitationId));
