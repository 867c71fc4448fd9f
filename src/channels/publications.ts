import { ids } from "querycast";
import { liveData, signalsOf } from "./live-data.ts";

/**
 * The public page of a publication: its name, its description and its articles. Its members and the invited people get
 * changes on their own channels as well, for their lists.
 */
export const publicationPage = liveData({
  title: "Publication page",
  phase: 4,
  on: {
    publication: {
      "publication.updated": ids("publicationId"),
      "feed.changed": ids("articleId"),
    },
    // Published by triggers.
    user: { "publication.updated": ids("publicationId") },
  },
});

/** The members of a publication and their roles. Only members can join the channel. */
export const team = liveData({
  title: "Members and roles",
  phase: 4,
  on: {
    team: {
      ...signalsOf("member", "userId", "joined", "left", "role-given", "role-taken"),
      ...signalsOf("role", "roleId", "created", "updated", "deleted"),
    },
  },
});

/** A person's memberships. The end of one reaches the person, who can no longer join the team. */
export const memberships = liveData({
  title: "Memberships",
  phase: 4,
  on: {
    user: signalsOf("membership", "publicationId", "started", "changed", "ended"),
  },
});

/**
 * Invitations, for the members who manage them and for the invited person. Members without that right join the team
 * as well, so its signals name the publication only.
 */
export const invitations = liveData({
  title: "Invitations",
  phase: 4,
  on: {
    team: signalsOf("invitation", "publicationId", "created", "updated", "deleted"),
    user: signalsOf("invitation", "invitationId", "created", "updated", "deleted"),
  },
});

/**
 * Submissions: for their author, for the members who read all of them (the desk), and for readers of one. The
 * progress of one is on its own channel.
 */
export const submissions = liveData({
  title: "Submissions",
  phase: 4,
  on: {
    user: signalsOf("submission", "submissionId", "created", "updated", "deleted"),
    desk: signalsOf("submission", "submissionId", "created", "updated", "deleted"),
    submission: signalsOf("submission", "submissionId", "updated", "deleted"),
  },
});

/** Tasks: for the person who has to do them, for the desk, and on the page of their submission. */
export const tasks = liveData({
  title: "Tasks",
  phase: 4,
  on: {
    user: signalsOf("task", "taskId", "created", "updated", "deleted"),
    desk: signalsOf("task", "taskId", "created", "updated", "deleted"),
    submission: signalsOf("task", "taskId", "created", "updated"),
  },
});

/**
 * The evidence log of a publication, its feeds, and a person's questions to the analyst. Signals of the log and the feeds
 * name the publication only, since viewers join who may not read the row.
 */
export const evidence = liveData({
  title: "Evidence",
  phase: 4,
  on: {
    publication: {
      "observation.added": ids("publicationId"),
    },
    team: { "feeds.changed": ids("publicationId") },
    user: { "answer.changed": ids("answerId") },
  },
});

/**
 * The figures of observations, for charts. Each observation is on the channel of its clearance, so that only viewers who
 * may read it get its id and its row.
 */
export const figures = liveData({
  title: "Figures of evidence",
  phase: 4,
  on: { figures: { "figures.added": ids("observationId") } },
  entities: ["figures.added"],
});
