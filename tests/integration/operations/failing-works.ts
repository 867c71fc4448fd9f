import { randomUUID } from "node:crypto";
import type postgres from "postgres";
import type { AuthContext } from "@/auth/auth-context.ts";
import { changePassword } from "@/auth/password/change-password.ts";
import { startSession } from "@/auth/session/start-session.ts";
import { createAttempts } from "@/auth/sign-in/attempts.ts";
import { signUp } from "@/auth/sign-in/sign-up.ts";
import { announce } from "@/features/admin/announcements/announce.ts";
import { banUser } from "@/features/admin/people/ban-user.ts";
import { ask } from "@/features/analyst/ask.ts";
import { saveArticle } from "@/features/articles/write/save-article.ts";
import { createComment } from "@/features/comments/create-comment.ts";
import { editComment } from "@/features/comments/edit-comment.ts";
import { say } from "@/features/desk/say.ts";
import { writePart } from "@/features/desk/write-answer.ts";
import { ingestFeed } from "@/features/evidence/ingest/ingest-feeds.ts";
import { ingestFile } from "@/features/evidence/ingest/ingest-file.ts";
import { createGist } from "@/features/gists/create-gist.ts";
import { getGist } from "@/features/gists/get-gist.ts";
import { updateGist } from "@/features/gists/update-gist.ts";
import { importFile } from "@/features/imports/import-file.ts";
import { startImport } from "@/features/imports/start-import.ts";
import { updateProfile } from "@/features/people/update-profile.ts";
import { createPublication } from "@/features/publications/create-publication.ts";
import { updatePublication } from "@/features/publications/update-publication.ts";
import { takeStep } from "@/features/submissions/take-step.ts";
import { invite } from "@/features/teams/invitations/invite.ts";
import { saveRole } from "@/features/teams/roles/save-role.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { saveRendering } from "@/wiring/renderings.ts";
import type { SiteDatabase } from "../../support/database/site-database.ts";
import { draftOf, keys } from "../../support/rigs/evidence-rig.ts";
import { foundPublication, type Member } from "../../support/rigs/publications-rig.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";

const { ann, ben, kay, rea } = viewers;
/** Part of each text, address and password that the works enter. */
export const planted = "planted-4711";
const password = "a sentence does well";
const email = "quiet@example.org";
const source = { address: "192.0.2.1", userAgent: "a browser" };

/** Each write that holds a planted text or the hash of a password fails, with the whole row in the error. */
export async function refusePlanted(owner: postgres.Sql): Promise<void> {
  await owner.unsafe(`
    create function quote_row() returns trigger language plpgsql as $$
    begin
      if new::text !~ '${planted}|\\$argon2' then return new; end if;
      raise exception 'refused: %', new using detail = new::text, hint = new::text, errcode = '22000';
    end $$;
    do $$
    declare name text;
    begin
      for name in select tablename from pg_tables where schemaname = 'public' loop
        execute format('create trigger quote before insert or update on %I
          for each row execute function quote_row()', name);
      end loop;
    end $$;`);
}

/** Rows that the works change. Created before writes are refused. */
export async function insertWorkRows(site: SiteDatabase) {
  const { publicationId, roleId } = await foundPublication(site, ben);
  const { userId } = await signUp(
    authContext(site),
    { handle: "quiet", name: "Quiet", email, password },
    source,
  );
  const importId = randomUUID();
  const fileId = randomUUID();
  await site.owner`insert into imports (id, owner_id) values (${importId}, ${ann.userId})`;
  await site.owner`insert into import_files (id, import_id, position, name, body)
    values (${fileId}, ${importId}, 0, 'a.md', ${`# ${planted}\n\n${planted}`})`;
  await site.owner.begin(async (tx) => {
    await tx`alter table submissions disable trigger user`;
    await tx`update submissions set state = 'in_review' where id = ${idOf("submission")}`;
    await tx`alter table submissions enable trigger user`;
  });
  const writerRole = await roleId("Writer");
  return { publicationId, writerRole, fileId, userId };
}

const authContext = (site: SiteDatabase): AuthContext => ({
  database: site.database,
  attempts: createAttempts(site.database),
});

type Rows = Awaited<ReturnType<typeof insertWorkRows>>;
type Work = (site: SiteDatabase, rows: Rows) => Promise<unknown>;

const write =
  (member: Member, action: (ctx: WriteContext, rows: Rows) => Promise<unknown>): Work =>
  (site, rows) =>
    site.contexts.write(member)((ctx) => action(ctx, rows));

const articleOf = (text: string) => ({
  articleId: randomUUID(),
  title: text,
  excerpt: text,
  body: text.repeat(7_000),
  slug: "",
  tagIds: [],
  basedOn: null,
});
const gistOf = (text: string) => ({
  gistId: randomUUID(),
  title: text,
  description: text,
  isPrivate: true,
  files: [{ filename: "a.ts", content: text }],
});

/** People's writes, one at least for each feature. */
const writes: Record<string, Work> = {
  "a new article": write(ann, (ctx) => saveArticle(ctx, articleOf(planted))),
  "a changed article": write(ann, async (ctx) => {
    const article = articleOf("text");
    const { version } = await saveArticle(ctx, article);
    await saveArticle(ctx, { ...article, body: planted, basedOn: version });
  }),
  "a comment": write(ann, (ctx) =>
    createComment(ctx, {
      commentId: randomUUID(),
      parentId: null,
      body: planted,
      resourceType: "article",
      resourceId: idOf("article"),
    }),
  ),
  "an edited comment": write(rea, (ctx) =>
    editComment(ctx, { commentId: idOf("comment"), body: planted }),
  ),
  "a gist": write(ann, (ctx) => createGist(ctx, gistOf(planted))),
  "a changed gist": write(ann, async (ctx) => {
    const gist = gistOf("text");
    await createGist(ctx, gist);
    const { updatedAt } = await getGist(ctx, { id: gist.gistId });
    await updateGist(ctx, { ...gistOf(planted), gistId: gist.gistId, title: "text", updatedAt });
  }),
  "a profile": write(ann, (ctx) => updateProfile(ctx, { name: planted, bio: planted })),
  "a publication": write(ann, (ctx) =>
    createPublication(ctx, {
      publicationId: randomUUID(),
      slug: planted,
      name: planted,
      description: planted,
    }),
  ),
  "a changed publication": write(ben, (ctx, { publicationId }) =>
    updatePublication(ctx, {
      publicationId,
      name: planted,
      description: planted,
      basedOn: { name: "Paper", description: "" },
    }),
  ),
  "a role": write(ben, (ctx, { publicationId }) =>
    saveRole(ctx, {
      publicationId,
      roleId: randomUUID(),
      name: planted,
      permissions: [],
      basedOn: null,
    }),
  ),
  "an invitation": write(ben, (ctx, { publicationId, writerRole }) =>
    invite(ctx, {
      publicationId,
      invitationId: randomUUID(),
      roleId: writerRole,
      email: `${planted}@example.org`,
    }),
  ),
  "an editor's note": write(ben, (ctx) =>
    takeStep(ctx, { submissionId: idOf("submission"), step: "request-changes", note: planted }),
  ),
  "a message at the desk": write(ben, (ctx, { publicationId }) =>
    say(ctx, { publicationId, messageId: randomUUID(), text: planted, isQuestion: false }),
  ),
  "an observation": write(ben, ({ tx, viewer }, { publicationId }) =>
    ingestFile(
      { tx, viewer, keys },
      {
        publicationId,
        fileId: randomUUID(),
        format: "json",
        text: JSON.stringify([{ ...draftOf({ statement: planted }) }]),
      },
    ),
  ),
  "a question to the analyst": write(ben, (ctx, { publicationId }) =>
    ask(ctx, { publicationId, answerId: randomUUID(), question: planted }, "built-in"),
  ),
  "an import": write(ann, (ctx) =>
    startImport(ctx, { importId: randomUUID(), files: [{ name: "a.md", body: planted }] }),
  ),
  "an announcement": write(kay, (ctx) => announce(ctx, { text: planted, minutes: 5 })),
  "the reason of a ban": write(kay, (ctx) => banUser(ctx, { userId: rea.userId, reason: planted })),
};

/** Accounts, jobs, and reads. */
const others: Record<string, Work> = {
  "an account": (site) =>
    signUp(
      authContext(site),
      {
        handle: planted,
        name: planted,
        email: `${planted}@example.org`,
        password: `${planted} and more`,
      },
      source,
    ),
  "a session": (site, { userId }) =>
    startSession(authContext(site), userId, { ...source, userAgent: planted }),
  "a changed password": (site, { userId }) =>
    changePassword(
      authContext(site),
      { userId, sessionId: randomUUID(), role: "reader" },
      { current: password, next: `${planted} and more` },
      source,
    ),
  "a rendering": (site) =>
    saveRendering(site.database)(
      { table: "articles", id: idOf("article of ben"), ownerId: idOf("ben") },
      planted,
      { html: planted },
    ),
  "a job that imports a file": write(ann, (ctx, { fileId }) => importFile(ctx, fileId)),
  "a job that answers at the desk": (site) =>
    site.contexts.job((ctx) =>
      writePart(
        ctx,
        { answerId: idOf("answer"), publicationId: idOf("paper"), attempt: 1 },
        1,
        planted,
      ),
    ),
  "a job that reads a feed": (site) =>
    site.contexts.job(({ tx }) =>
      ingestFeed(
        { tx, keys },
        {
          id: idOf("feed"),
          publicationId: idOf("paper"),
          name: "Feed",
          url: "https://feed.example/",
          clearance: "public",
        },
        new Error(planted),
      ),
    ),
  "an id that is none": (site) => site.contexts.read(ann)((ctx) => getGist(ctx, { id: planted })),
};

/** Work of every kind that enters texts, e-mails or passwords, and fails in the database. */
export const failingWorks: readonly (readonly [string, Work])[] = Object.entries({
  ...writes,
  ...others,
});
