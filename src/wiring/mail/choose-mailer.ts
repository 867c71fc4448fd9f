import type { Env } from "@/lib/env.ts";
import type { Mailer } from "@/lib/mail/mailer.ts";
import { createSmtpMailer } from "./smtp-mailer.ts";

interface MailerOptions {
  readonly settings: Env["mail"];
  readonly isDevelopment: boolean;
  /** Writes to the log. Called in development only, since messages contain secret links. */
  readonly write: (line: string, fields: Readonly<Record<string, string>>) => void;
}

/** SMTP where it is set; else the log in development, and `null` in production. */
export function chooseMailer({ settings, isDevelopment, write }: MailerOptions): Mailer | null {
  if (settings !== null) return createSmtpMailer(settings);
  if (!isDevelopment) return null;
  return {
    send: async ({ to, subject, text }) =>
      write("an e-mail, which development does not send", { to, subject, text }),
  };
}
