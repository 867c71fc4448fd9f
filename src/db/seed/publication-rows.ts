import type { SubmissionState, TaskKind } from "../../lib/publications/process.ts";
import type * as schema from "../schema.ts";
import type { Lookup, PageRows } from "./page-rows.ts";
import { stableId } from "./stable.ts";

export interface PublicationRows {
  readonly publications: (typeof schema.publications.$inferInsert)[];
  readonly publicationRoles: (typeof schema.publicationRoles.$inferInsert)[];
  readonly publicationMembers: (typeof schema.publicationMembers.$inferInsert)[];
  readonly publicationMemberRoles: (typeof schema.publicationMemberRoles.$inferInsert)[];
  readonly publicationInvitations: (typeof schema.publicationInvitations.$inferInsert)[];
  readonly submissions: (typeof schema.submissions.$inferInsert)[];
  readonly submissionEvents: (typeof schema.submissionEvents.$inferInsert)[];
  readonly submissionTasks: (typeof schema.submissionTasks.$inferInsert)[];
}

const publicationId = stableId("publication:the-margin");
const editing = ["submissions.read", "submissions.review", "submissions.approve"];
const all = [
  "members.manage",
  "roles.manage",
  "settings.manage",
  ...editing,
  "submissions.publish",
  "evidence.record",
];

/** Permissions by name of the role, as a new publication has them. */
const roles: Readonly<Record<string, readonly string[]>> = {
  Owner: all,
  Editor: [...editing, "submissions.publish", "evidence.record"],
  Reviewer: ["submissions.review"],
  Moderator: ["submissions.read"],
  Writer: [],
};

const members: Readonly<Record<string, string>> = {
  odile: "Owner",
  ikenna: "Editor",
  teodora: "Reviewer",
  saanvi: "Moderator",
  maren: "Writer",
};

/** Slugs of the articles that the publication has published, with the hours that the process took. */
const published: Readonly<Record<string, number>> = {
  "page-400-is-a-lie": 50,
  "sixty-six-characters": 30,
  "test-titles-are-promises": 72,
};

/** The draft that is in review. */
const inReview = { slug: "clocks-are-user-input", hoursAgo: 20 };

/** The invitation of the demo account `reader`. It needs no token, since it has the account's e-mail. */
export const demoInvitationId = stableId("publication-invitation:the-margin/reader");

/** A small publication, with published articles and one submission in review. */
export function publicationRows(
  { articles }: Pick<PageRows, "articles">,
  userId: Lookup,
  now: Date,
): PublicationRows {
  const roleId = (name: string) => stableId(`publication-role:the-margin/${name}`);
  const hoursBefore = (hours: number, from = now) => new Date(from.getTime() - hours * 3_600_000);
  const foundedAt = hoursBefore(24 * 200);
  const rows: PublicationRows = {
    publications: [
      {
        id: publicationId,
        slug: "the-margin",
        name: "The Margin",
        description:
          "Essays about data and the people who read it. Each one is reviewed by somebody who disagrees.",
        founderId: userId("odile"),
        createdAt: foundedAt,
        updatedAt: foundedAt,
      },
    ],
    publicationRoles: Object.entries(roles).map(([name, permissions]) => ({
      id: roleId(name),
      publicationId,
      name,
      permissions: [...permissions],
      isOwner: name === "Owner",
      createdAt: foundedAt,
    })),
    publicationMembers: Object.keys(members).map((handle) => ({
      publicationId,
      userId: userId(handle),
      joinedAt: foundedAt,
    })),
    publicationMemberRoles: Object.entries(members).map(([handle, role]) => ({
      publicationId,
      userId: userId(handle),
      roleId: roleId(role),
    })),
    publicationInvitations: [
      {
        id: demoInvitationId,
        publicationId,
        email: "reader@inkwell.example",
        roleId: roleId("Reviewer"),
        invitedBy: userId("odile"),
        tokenHash: stableId("publication-invitation:the-margin/token"),
        createdAt: hoursBefore(2),
        expiresAt: hoursBefore(-24 * 14),
      },
    ],
    submissions: [],
    submissionEvents: [],
    submissionTasks: [],
  };

  for (const article of articles) {
    const hours = published[article.slug];
    const isInReview = article.slug === inReview.slug;
    if ((hours === undefined && !isInReview) || article.id === undefined) continue;
    const id = stableId(`submission:${article.slug}`);
    const endedAt = isInReview ? now : (article.publishedAt ?? now);
    const startedAt = hoursBefore(hours ?? inReview.hoursAgo, endedAt);
    const reviewer = article.authorId === userId("teodora") ? "ikenna" : "teodora";
    const editor = article.authorId === userId("ikenna") ? "odile" : "ikenna";
    const way: readonly (readonly [SubmissionState, string, string])[] = [
      ["draft", "", ""],
      ["submitted", "", "For the next issue, if it fits."],
      ["in_review", reviewer, ""],
      ...(isInReview
        ? []
        : ([
            ["approved", editor, "Ready. I changed nothing."],
            ["published", editor, ""],
          ] as const)),
    ];
    const at = (step: number) =>
      new Date(
        startedAt.getTime() +
          ((endedAt.getTime() - startedAt.getTime()) * step) / (way.length - (isInReview ? 0 : 1)),
      );
    rows.submissions.push({
      id,
      publicationId,
      articleId: article.id,
      authorId: article.authorId,
      state: isInReview ? "in_review" : "published",
      createdAt: startedAt,
      updatedAt: at(way.length - 1),
    });
    way.forEach(([toState, by, note], step) => {
      rows.submissionEvents.push({
        id: stableId(`submission-event:${article.slug}/${step}`),
        submissionId: id,
        actorId: by === "" ? article.authorId : userId(by),
        fromState: way[step - 1]?.[0] ?? null,
        toState,
        note,
        createdAt: at(step),
      });
    });
    if (!isInReview) {
      article.publicationId = publicationId;
      continue;
    }
    const task = (kind: TaskKind, permission: string, assignee: string | null) => ({
      id: stableId(`submission-task:${article.slug}/${kind}`),
      publicationId,
      submissionId: id,
      kind,
      permission,
      assigneeId: assignee === null ? null : userId(assignee),
      createdBy: userId(reviewer),
      createdAt: at(way.length - 1),
    });
    rows.submissionTasks.push(
      task("review", "submissions.review", reviewer),
      task("approve", "submissions.approve", null),
    );
  }
  return rows;
}
