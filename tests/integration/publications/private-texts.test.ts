import { afterAll, beforeAll, expect, test } from "vitest";
import { scheduleDeletion } from "@/features/articles/write/schedule-deletion.ts";
import { unpublishArticle } from "@/features/articles/write/unpublish-article.ts";
import { leavePublication } from "@/features/publications/leave-publication.ts";
import { listSubmissions } from "@/features/submissions/list-submissions.ts";
import { createPublicationsRig, readSubmission } from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

const { ann, ben, kay, rea } = viewers;

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
beforeAll(async () => {
  rig = await createPublicationsRig();
});
afterAll(() => rig.close());

type Team = Awaited<ReturnType<typeof rig.foundStaffed>>;

/** Ways in which an article of a submission is private. */
const ends: Readonly<Record<string, (team: Team) => Promise<string>>> = {
  "a draft that was withdrawn and never submitted": async (team) => {
    const { submissionId } = await team.submit(ann, true);
    await team.step(ann, submissionId, "withdraw");
    return submissionId;
  },
  "a submission that was withdrawn": async (team) => {
    const { submissionId } = await team.submit(ann);
    await team.step(ann, submissionId, "withdraw");
    return submissionId;
  },
  "a submission of an author who has left": async (team) => {
    const { submissionId } = await team.submit(ann);
    const { publicationId } = team;
    await rig.site.contexts.write(ann)((ctx) => leavePublication(ctx, { publicationId }));
    return submissionId;
  },
  "an article that was published, and taken back by its author": async (team) => {
    const { submissionId, articleId } = await team.submit(ann);
    await team.step(rea, submissionId, "start-review");
    await team.step(kay, submissionId, "approve");
    await team.step(kay, submissionId, "publish");
    await rig.site.contexts.write(ann)((ctx) => unpublishArticle(ctx, { articleId }));
    return submissionId;
  },
};

test.each(Object.entries(ends))(
  "no editor reads what the author writes later into %s",
  async (_, end) => {
    const team = await rig.foundStaffed();
    const { publicationId } = team;
    const submissionId = await end(team);
    await rig.site.owner`
    update articles set title = 'Secret title', excerpt = 'Secret excerpt', body = 'Secret words', slug = 'secret-' || id
    where id = (select article_id from submissions where id = ${submissionId})`;
    for (const member of [ben, kay]) {
      const list = await rig.site.contexts.read(member)((ctx) =>
        listSubmissions(ctx, { publicationId }),
      );
      const shown = [list, await readSubmission(rig.site, member, submissionId)];
      expect(JSON.stringify(shown)).not.toMatch(/secret/i);
      expect(shown[1]).toMatchObject({ article: { isPublic: false, isReadable: false } });
    }
  },
);

test("an editor reads the text of a published submission while the article is public, and its author always", async () => {
  const team = await rig.foundStaffed();
  const { submissionId } = await team.submit(ann);
  await team.step(rea, submissionId, "start-review");
  await team.step(kay, submissionId, "approve");
  await team.step(kay, submissionId, "publish");
  expect(await readSubmission(rig.site, kay, submissionId)).toMatchObject({
    body: "Words.",
    article: { isPublic: true, isReadable: true },
  });
  const other = await team.submit(ann);
  await team.step(ann, other.submissionId, "withdraw");
  expect(await readSubmission(rig.site, ann, other.submissionId)).toMatchObject({ body: "Words." });
  expect(await readSubmission(rig.site, kay, other.submissionId)).toMatchObject({
    state: "withdrawn",
    title: "A private article",
    body: "",
    article: { slug: "", excerpt: "", isPublic: false, isReadable: false },
  });
});

test("a published submission says that its article is not public any more, also to the author of a deleted one", async () => {
  const team = await rig.foundStaffed();
  const { submissionId, articleId } = await team.submit(ann);
  await team.step(rea, submissionId, "start-review");
  await team.step(kay, submissionId, "approve");
  await team.step(kay, submissionId, "publish");
  await rig.site.contexts.write(ann)((ctx) => scheduleDeletion(ctx, { articleId }));
  for (const [member, isReadable] of [
    [ann, true],
    [kay, false],
  ] as const) {
    expect(await readSubmission(rig.site, member, submissionId)).toMatchObject({
      state: "published",
      article: { isPublic: false, isReadable },
    });
  }
});
