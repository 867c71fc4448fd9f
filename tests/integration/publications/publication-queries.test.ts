import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { listNotifications } from "@/features/notifications/list-notifications.ts";
import { persistNotification } from "@/features/notifications/persist-notification.ts";
import { notificationsQuery } from "@/features/notifications/queries.ts";
import { listNotificationsInput, type Notification } from "@/features/notifications/schema.ts";
import { listPublications } from "@/features/publications/list-publications.ts";
import { publicationsQuery } from "@/features/publications/queries.ts";
import type { PublicationEntry } from "@/features/publications/schema.ts";
import { listChoices } from "@/features/submissions/list-choices.ts";
import { articleChoicesQuery } from "@/features/submissions/queries.ts";
import type { ArticleChoice } from "@/features/submissions/schema.ts";
import { listOwnInvitations } from "@/features/teams/invitations/list-own-invitations.ts";
import { ownInvitationsQuery } from "@/features/teams/queries.ts";
import { removeMember } from "@/features/teams/remove-member.ts";
import type { OwnInvitation } from "@/features/teams/schema.ts";
import type { Page } from "@/lib/pages/page-cursor.ts";
import type { NotificationCause } from "@/wiring/context-types.ts";
import { foundPublication } from "../../support/rigs/publications-rig.ts";
import { createRolloutRig, type RolloutRig } from "../../support/rigs/rollout-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { openLivePage } from "../../support/site/live-page.ts";

/** Open pages of members, whose rows depend on memberships, permissions and names. */

const { ann, ben, rea } = viewers;
let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig();
});
beforeEach(() => rig.clear());
afterAll(() => rig.close());

/** Ben owns, ann writes, rea reviews. */
async function newTeam() {
  const team = await foundPublication(rig.site, ben);
  await team.join(ann, "Writer");
  await team.join(rea, "Reviewer");
  return team;
}

const notify = (cause: NotificationCause) =>
  rig.site.contexts.job((ctx) => persistNotification(ctx, cause));

/** Opens the notifications of a person. Returns the page that the newest one of a type shows. */
async function openNotifications(viewer: typeof ann | typeof rea, type: Notification["type"]) {
  const query = notificationsQuery(viewer.userId, "all");
  const page = await openLivePage(rig, viewer, [query], {
    "/api/notifications": (params) => (ctx) =>
      listNotifications(ctx, listNotificationsInput.parse(params)),
  });
  const shown = () =>
    page
      .data<{ readonly pages: readonly Page<Notification>[] }>(query.queryKey)
      ?.pages.flatMap(({ rows }) => rows)
      .find((row) => row.type === type)?.page;
  return { shows: (value: unknown) => vi.waitFor(() => expect(shown()).toEqual(value), 10_000) };
}

test("an open list of notifications loses the title of a submission when its reader loses the permission or the membership, and shows it again with the permission", async () => {
  const team = await newTeam();
  const { submissionId } = await team.submit(ann);
  const [task] = await rig.site.owner`
    select id from submission_tasks where submission_id = ${submissionId} and status = 'open'`;
  await notify({ causeType: "task", causeId: task?.id });
  const page = await openNotifications(rea, "submission_task");
  const link = { href: `/publications/${team.slug}/work/${submissionId}`, title: "A draft" };
  await page.shows(link);

  const permit = (permissions: readonly string[]) => rig.site.owner`
    update publication_roles set permissions = ${permissions}
    where publication_id = ${team.publicationId} and name = 'Reviewer'`;
  await permit([]);
  await page.shows(null);
  await permit(["submissions.review"]);
  await page.shows(link);

  const { publicationId } = team;
  await rig.site.contexts.write(ben)((ctx) =>
    removeMember(ctx, { publicationId, userId: rea.userId }),
  );
  await page.shows(null);
}, 60_000);

test("an open list of notifications follows the title of a published submission and the name of a publication", async () => {
  const team = await newTeam();
  const { submissionId, articleId } = await team.submit(ann);
  for (const step of ["start-review", "approve", "publish"] as const) {
    await team.step(ben, submissionId, step);
  }
  await notify({ causeType: "submission", causeId: submissionId });
  const published = await openNotifications(ann, "submission_published");
  const href = `/publications/${team.slug}/work/${submissionId}`;
  await published.shows({ href, title: "A draft" });
  await rig.site.owner`update articles set title = 'A better title' where id = ${articleId}`;
  await published.shows({ href, title: "A better title" });
  const slug = `slug-${randomUUID()}`.slice(0, 40);
  await rig.site.owner`update publications set slug = ${slug} where id = ${team.publicationId}`;
  await published.shows({
    href: `/publications/${slug}/work/${submissionId}`,
    title: "A better title",
  });
}, 60_000);

test("an open list of notifications follows the name of the publication of an invitation", async () => {
  const team = await foundPublication(rig.site, ben);
  const { invitationId } = await team.invite(ben, "ann@example.org");
  await notify({ causeType: "invitation", causeId: invitationId });
  const page = await openNotifications(ann, "publication_invitation");
  const href = `/invitations/${invitationId}`;
  await page.shows({ href, title: "Paper" });
  await rig.site.owner`update publications set name = 'Gazette' where id = ${team.publicationId}`;
  await page.shows({ href, title: "Gazette" });
}, 60_000);

test("an open list of a member's publications follows the name of one and the number of its articles, and an open invitation its name", async () => {
  const team = await newTeam();
  const invited = await foundPublication(rig.site, ben);
  await invited.invite(ben, "ann@example.org");
  const [own, invitations] = [
    publicationsQuery("yours", ann.userId),
    ownInvitationsQuery(ann.userId),
  ];
  const page = await openLivePage(rig, ann, [own, invitations], {
    "/api/publications": () => (ctx) => listPublications(ctx, { filter: "yours" }),
    "/api/invitations/own": () => listOwnInvitations,
  });
  const shown = () =>
    page
      .data<readonly PublicationEntry[]>(own.queryKey)
      ?.filter(({ id }) => id === team.publicationId)
      .map(({ name, description, articleCount }) => ({ name, description, articleCount }));
  const shows = (row: object) => vi.waitFor(() => expect(shown()).toEqual([row]), 10_000);
  await shows({ name: "Paper", description: "", articleCount: 0 });
  await rig.site.owner`update publications set name = 'Gazette' where id = ${team.publicationId}`;
  await shows({ name: "Gazette", description: "", articleCount: 0 });
  await rig.site.owner`
    update publications set description = 'News.' where id = ${team.publicationId}`;
  await shows({ name: "Gazette", description: "News.", articleCount: 0 });

  const { submissionId, articleId } = await team.submit(ann);
  for (const step of ["start-review", "approve", "publish"] as const) {
    await team.step(ben, submissionId, step);
  }
  const of = { name: "Gazette", description: "News." };
  await shows({ ...of, articleCount: 1 });
  const added = randomUUID();
  await rig.site.owner`
    insert into articles (id, author_id, slug, title, body, publication_id, published_at)
    values (${added}, ${ben.userId}, ${added}, 'Added', 'Words.', ${team.publicationId}, now())`;
  await shows({ ...of, articleCount: 2 });
  await rig.site.owner`delete from articles where id = ${added}`;
  await shows({ ...of, articleCount: 1 });
  await rig.site.owner`update articles set delete_at = now() where id = ${articleId}`;
  await shows({ ...of, articleCount: 0 });

  await rig.site.owner`
    update publications set name = 'Weekly' where id = ${invited.publicationId}`;
  const invitation = () =>
    page
      .data<readonly OwnInvitation[]>(invitations.queryKey)
      ?.map(({ publication }) => publication)
      .find(({ slug }) => slug === invited.slug)?.name;
  await vi.waitFor(() => expect(invitation()).toBe("Weekly"), 10_000);
}, 90_000);

test("the articles that an open page offers to submit follow a new, a renamed and a deleted one", async () => {
  const query = articleChoicesQuery(ann.userId);
  const page = await openLivePage(rig, ann, [query], {
    "/api/submissions/choices": () => listChoices,
  });
  const articleId = randomUUID();
  const title = () =>
    page.data<readonly ArticleChoice[]>(query.queryKey)?.find(({ id }) => id === articleId)?.title;
  const offers = (value: string | undefined) =>
    vi.waitFor(() => expect(title()).toBe(value), 10_000);
  await rig.site.owner`
    insert into articles (id, author_id, slug, title, body)
    values (${articleId}, ${ann.userId}, ${articleId}, 'Written', 'Words.')`;
  await offers("Written");
  await rig.site.owner`update articles set title = 'Renamed' where id = ${articleId}`;
  await offers("Renamed");
  await rig.site.owner`delete from articles where id = ${articleId}`;
  await offers(undefined);
}, 60_000);
