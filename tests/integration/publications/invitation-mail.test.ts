import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { answerInvitation } from "@/features/teams/invitations/answer-invitation.ts";
import {
  findInvitationMail,
  noteInvitationMail,
  writeInvitationMail,
} from "@/features/teams/invitations/invitation-mail.ts";
import { invite } from "@/features/teams/invitations/invite.ts";
import { listInvitations } from "@/features/teams/invitations/list-invitations.ts";
import { revokeInvitation } from "@/features/teams/invitations/revoke-invitation.ts";
import { seal, unseal } from "@/lib/sealed.ts";
import { createSmtpMailer } from "@/wiring/mail/smtp-mailer.ts";
import { createPublicationsRig } from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { type MailServer, startMailServer } from "../../support/servers/mail-server.ts";

/** The e-mails of invitations, to a real SMTP server. */

const { ann, ben } = viewers;
const from = "Inkwell <inkwell@inkwell.example>";
const siteUrl = "https://inkwell.example";

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
let server: MailServer;
beforeAll(async () => {
  rig = await createPublicationsRig();
  server = await startMailServer();
});
afterEach(() => server.refuse(0));
afterAll(async () => {
  await server.close();
  await rig.close();
});

type Team = Awaited<ReturnType<typeof rig.found>>;
const keyOf = (invitationId: string) => ({
  secret: "a secret of at least 32 characters",
  purpose: "test",
  context: invitationId,
});

async function inviteAnn(team: Team) {
  const invitationId = randomUUID();
  const roleId = await team.roleId("Writer");
  const { publicationId } = team;
  const path = await rig.site.contexts.write(ben)((ctx) =>
    invite(ctx, { publicationId, invitationId, email: "ann@example.org", roleId }, (id, token) =>
      seal(token, keyOf(id)),
    ),
  );
  return { invitationId, path };
}
const find = (invitationId: string) =>
  rig.site.contexts.job((ctx) => findInvitationMail(ctx, invitationId));
const note = (invitationId: string, state: "sent" | "failed" | null) =>
  rig.site.contexts.job((ctx) => noteInvitationMail(ctx, invitationId, state));
const stateOf = async (team: Team, invitationId: string) =>
  (await rig.site.contexts.read(ben)((ctx) => listInvitations(ctx, team))).find(
    ({ id }) => id === invitationId,
  )?.mailState;

async function send(invitationId: string, url = server.url): Promise<void> {
  const mail = await find(invitationId);
  if (mail === null) throw new Error("There is no e-mail to send.");
  const token = unseal(mail.sealedToken, keyOf(invitationId)) ?? "";
  await createSmtpMailer({ url, from }).send(writeInvitationMail(mail, token, siteUrl));
}

test("an invitation requests its e-mail in its transaction, with the id only, and keeps the token encrypted until it was sent", async () => {
  const team = await rig.found(ben);
  const { invitationId, path } = await inviteAnn(team);
  const token = new URL(path, siteUrl).searchParams.get("token") ?? "";
  const requests = await rig.site
    .owner`select data::text from job_requests where id = ${`invitation-mail:${invitationId}`}`;
  expect(requests).toHaveLength(1);
  expect(requests[0]?.data).toContain(invitationId);
  expect(requests[0]?.data).not.toContain(token);
  const [row] = await rig.site
    .owner`select i::text as row from publication_invitations i where id = ${invitationId}`;
  expect(row?.row).not.toContain(token);
  expect(await stateOf(team, invitationId)).toBe("waiting");

  await send(invitationId);
  await rig.site.newSignals();
  await note(invitationId, "sent");
  const received = (await rig.site.newSignals()).map(({ channel, name }) => `${channel} ${name}`);
  const { name } = channels.team({ publicationId: team.publicationId });
  expect(received).toContain(`${name} invitation.updated`);
  expect(await stateOf(team, invitationId)).toBe("sent");
  const [kept] = await rig.site
    .owner`select sealed_token from publication_invitations where id = ${invitationId}`;
  expect(kept?.sealed_token).toBeNull();

  const mail = server.received.at(-1);
  expect(mail?.to).toEqual(["ann@example.org"]);
  expect(mail?.source).toContain(`${siteUrl}${path}`);
  expect(mail?.source).toMatch(/^subject: ben invites you to Paper\r$/im);
  expect(mail?.source).toMatch(/^from: Inkwell <inkwell@inkwell\.example>\r$/im);
  await rig.site.contexts.write(ann)((ctx) =>
    answerInvitation(ctx, { invitationId, token, accepts: true }),
  );
});

test("an attempt that fails can be repeated with the same Message-ID, and a repeated job sends nothing", async () => {
  const team = await rig.found(ben);
  const { invitationId } = await inviteAnn(team);
  const before = server.received.length;
  server.refuse(1);
  await expect(send(invitationId)).rejects.toThrow("Mailbox is busy");
  expect(await stateOf(team, invitationId)).toBe("waiting");
  await send(invitationId);
  await send(invitationId); // the process ended before the note
  const ids = server.received
    .slice(before)
    .map(({ source }) => /^message-id:\s+(\S+)/im.exec(source)?.[1]);
  expect(ids).toEqual(Array(2).fill(`<invitation.${invitationId}@inkwell.example>`));
  await note(invitationId, "sent");
  expect(await find(invitationId)).toBeNull();
  await note(invitationId, "failed");
  expect(await stateOf(team, invitationId)).toBe("sent");
});

test("a mail server that is down or refuses the password fails no invitation: the inviter sees it, and the link works", async () => {
  const team = await rig.found(ben);
  const { invitationId, path } = await inviteAnn(team);
  await expect(send(invitationId, "smtp://127.0.0.1:1")).rejects.toThrow(/ECONNREFUSED/);
  const wrong = server.url.replace("a%20secret", "guess");
  const refused = await send(invitationId, wrong).catch((error: Error) => error);
  expect(String(refused)).toContain("Wrong password");
  const token = new URL(path, siteUrl).searchParams.get("token") ?? "";
  // The log has this error.
  for (const secret of ["guess", token]) expect(inspect(refused)).not.toContain(secret);
  await note(invitationId, "failed");
  expect(await stateOf(team, invitationId)).toBe("failed");
  await rig.site.contexts.write(ann)((ctx) =>
    answerInvitation(ctx, { invitationId, token, accepts: true }),
  );
});

test("an invitation that was revoked before its e-mail was sent is not sent, and its token is removed", async () => {
  const team = await rig.found(ben);
  const { invitationId } = await inviteAnn(team);
  await rig.site.contexts.write(ben)((ctx) => revokeInvitation(ctx, { invitationId }));
  expect(await find(invitationId)).toBeNull();
  await note(invitationId, null);
  const [row] = await rig.site
    .owner`select mail_state, sealed_token from publication_invitations where id = ${invitationId}`;
  expect(row).toEqual({ mail_state: null, sealed_token: null });
});

test("names of people and publications add no header and no recipient", async () => {
  const before = server.received.length;
  const message = writeInvitationMail(
    {
      invitationId: randomUUID(),
      email: "ann@example.org",
      sealedToken: "",
      expiresAt: new Date().toISOString(),
      publicationName: "Paper\r\nBcc: eve@example.org\r\n\r\nBuy now",
      roleName: "Writer",
      invitedBy: "Ben\nTo: eve@example.org",
    },
    "token",
    siteUrl,
  );
  await createSmtpMailer({ url: server.url, from }).send(message);
  const mail = server.received[before];
  expect(mail?.to).toEqual(["ann@example.org"]);
  const [headers = ""] = mail?.source.split("\r\n\r\n") ?? [];
  expect(headers).toMatch(/^to: ann@example\.org\r?$/im);
  expect(headers).not.toMatch(/^bcc:/im);
  expect(headers.match(/^to:/gim)).toHaveLength(1);
});

test("no member reads the encrypted token, and a site without a mail server requests no e-mail", async () => {
  const team = await rig.found(ben);
  const { invitationId } = await inviteAnn(team);
  for (const viewer of [ann, ben]) {
    await expect(
      rig.site.contexts.read(viewer)(({ tx }) =>
        tx.execute("select sealed_token from publication_invitations"),
      ),
    ).rejects.toMatchObject({ cause: { code: "42501" } });
  }
  await note(invitationId, null);
  const id = randomUUID();
  const roleId = await team.roleId("Writer");
  const { publicationId } = team;
  await rig.site.contexts.write(ben)((ctx) =>
    invite(ctx, { publicationId, invitationId: id, email: "kay@example.org", roleId }),
  );
  expect(await stateOf(team, id)).toBeNull();
  expect(
    await rig.site.owner`select from job_requests where id = ${`invitation-mail:${id}`}`,
  ).toHaveLength(0);
});
