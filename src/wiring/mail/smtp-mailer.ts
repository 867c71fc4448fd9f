import { createTransport } from "nodemailer";
import type { Mailer } from "@/lib/mail/mailer.ts";

interface SmtpOptions {
  /** `smtp://` or `smtps://`, with user and password. */
  readonly url: string;
  /** The sender: an address, or `Name <address>`. */
  readonly from: string;
}

const timeoutMs = 15_000;

/** Sends e-mails to an SMTP server, with a connection for each message. */
export function createSmtpMailer({ url, from }: SmtpOptions): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // A message is text. Nothing of it names a file or a URL to attach.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const host = /@([^@>\s]+)>?\s*$/.exec(from)?.[1] ?? "localhost";
  return {
    send: async ({ id, to, subject, text }) => {
      await transport.sendMail({
        from,
        text,
        // An object, since a string is a list of addresses.
        to: { name: "", address: to },
        subject: subject.replaceAll(/\s+/g, " "),
        messageId: `<${id}@${host}>`,
      });
    },
  };
}
