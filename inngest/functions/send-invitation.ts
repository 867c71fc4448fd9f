import {
  findInvitationMail,
  noteInvitationMail,
  writeInvitationMail,
} from "@/features/teams/invitations/invitation-mail.ts";
import { env } from "@/lib/env.ts";
import { withCorrelation } from "@/lib/http/correlation.ts";
import { log } from "@/lib/logging/log.ts";
import { runJob } from "@/wiring/context.ts";
import { mailer, unsealToken } from "@/wiring/mail/mailer.ts";
import { inngest, invitationMailRequested } from "../client.ts";

/**
 * Sends the e-mail of an invitation. The event has the id only. Each attempt has the same Message-ID, so that a message
 * that is sent again after a crash is recognised. After the last attempt the inviter sees that it was not sent.
 */
export const sendInvitation = inngest.createFunction(
  { id: "send-invitation", retries: 10, triggers: [invitationMailRequested] },
  async ({ event, runId, step }) => {
    const { invitationId, correlation = runId } = event.data;
    const run = <Result>(work: () => Promise<Result>) => withCorrelation(correlation, work);
    let state: "sent" | "failed" | null = "failed";
    try {
      state = await step.run("send", () => run(() => send(invitationId)));
    } catch {
      // All attempts have failed, and the server that answers each of them has logged its error.
    }
    await step.run("note", () =>
      run(() => runJob((ctx) => noteInvitationMail(ctx, invitationId, state))),
    );
  },
);

async function send(invitationId: string): Promise<"sent" | "failed" | null> {
  const mail = await runJob((ctx) => findInvitationMail(ctx, invitationId));
  if (mail === null) return null;
  const token = unsealToken(invitationId, mail.sealedToken);
  const transport = mailer();
  // Settings have changed since the invitation. Another attempt would fail too.
  if (token === null || transport === null) return "failed";
  try {
    await transport.send(writeInvitationMail(mail, token, env().auth.url));
  } catch (error) {
    log.warn("an invitation was not sent", { invitationId, error });
    throw error;
  }
  return "sent";
}
