import { randomUUID } from "node:crypto";
import { createPublication } from "@/features/publications/create-publication.ts";
import { getStanding } from "@/features/publications/get-standing.ts";
import { getSubmission } from "@/features/submissions/get-submission.ts";
import { propose as proposeArticle } from "@/features/submissions/propose.ts";
import type { TakeStepInput } from "@/features/submissions/schema.ts";
import { takeStep } from "@/features/submissions/take-step.ts";
import { invite } from "@/features/teams/invitations/invite.ts";
import type { StepName } from "@/lib/publications/process.ts";
import { createSiteDatabase, type SiteDatabase } from "../database/site-database.ts";
import { insertRows, viewers } from "../rows/rls-rows.ts";

export type Member = Exclude<(typeof viewers)[keyof typeof viewers], typeof viewers.anonymous>;

/** A publication of ben. `join` makes people members without invitations. */
export async function createPublicationsRig() {
  const site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  // The rows ban ben, who sends invitations here.
  await site.owner`delete from user_bans where user_id = ${viewers.ben.userId}`;
  return {
    site,
    found: (founder: Member) => foundPublication(site, founder),
    /** Ben owns, ann writes, kay edits, rea reviews. */
    foundStaffed: async () => {
      const team = await foundPublication(site, viewers.ben);
      await team.join(viewers.ann, "Writer");
      await team.join(viewers.kay, "Editor");
      await team.join(viewers.rea, "Reviewer");
      return team;
    },
    close: () => site.close(),
  };
}

/** Creates a publication with the roles that every new one has. */
export async function foundPublication(site: SiteDatabase, founder: Member) {
  const publicationId = randomUUID();
  const slug = `p-${publicationId.slice(0, 8)}`;
  await site.contexts.write(founder)((ctx) =>
    createPublication(ctx, { publicationId, slug, name: "Paper", description: "" }),
  );
  const roleId = async (name: string): Promise<string> => {
    const [row] = await site.owner`
      select id from publication_roles where publication_id = ${publicationId} and name = ${name}`;
    return row?.id;
  };
  const draft = async (author: Member): Promise<string> => {
    const articleId = randomUUID();
    await site.owner`
      insert into articles (id, author_id, slug, title, body)
      values (${articleId}, ${author.userId}, ${articleId}, 'A draft', 'Words.')`;
    return articleId;
  };
  const propose = async (author: Member, articleId: string, isDraft = false): Promise<string> => {
    const submissionId = randomUUID();
    await site.contexts.write(author)((ctx) =>
      proposeArticle(ctx, { publicationId, submissionId, articleId, note: "", isDraft }),
    );
    return submissionId;
  };
  return {
    publicationId,
    slug,
    roleId,
    join: async (member: Member, ...roles: readonly string[]) => {
      await site.owner`
        insert into publication_members (publication_id, user_id)
        values (${publicationId}, ${member.userId}) on conflict do nothing`;
      for (const role of roles) {
        await site.owner`insert into publication_member_roles
          values (${publicationId}, ${member.userId}, ${await roleId(role)})`;
      }
    },
    standing: (viewer: Member | typeof viewers.anonymous) =>
      site.contexts.read(viewer)((ctx) => getStanding(ctx, { publicationId })),
    /** Sends an invitation, and returns its id and the token of its link. */
    invite: async (by: Member, email: string, role = "Writer") => {
      const invitationId = randomUUID();
      const roleOf = await roleId(role);
      const path = await site.contexts.write(by)((ctx) =>
        invite(ctx, { publicationId, invitationId, email, roleId: roleOf }),
      );
      const token = new URL(path, "https://inkwell.example").searchParams.get("token") ?? "";
      return { invitationId, token };
    },
    /** A new draft of an author. */
    draft,
    propose,
    /** Submits a new draft of an author. */
    submit: async (author: Member, isDraft = false) => {
      const articleId = await draft(author);
      return { submissionId: await propose(author, articleId, isDraft), articleId };
    },
    step: async (
      member: Member,
      submissionId: string,
      step: StepName,
      more: Partial<TakeStepInput> = {},
    ) => {
      const version =
        step === "approve"
          ? (await readSubmission(site, member, submissionId)).article.version
          : undefined;
      await site.contexts.write(member)((ctx) =>
        takeStep(ctx, { submissionId, step, note: "", ...(version && { version }), ...more }),
      );
    },
  };
}

export const readSubmission = (site: SiteDatabase, member: Member, submissionId: string) =>
  site.contexts.read(member)((ctx) => getSubmission(ctx, { submissionId }));
