/** A plain text for one person. */
export interface MailMessage {
  /** The same id for each attempt, so that mail servers recognise a repeated message. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends e-mails. */
export interface Mailer {
  /** Resolves when the mail server has accepted the message. @throws when it is not accepted; callers retry. */
  readonly send: (message: MailMessage) => Promise<void>;
}
