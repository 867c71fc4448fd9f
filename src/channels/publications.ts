import { ids } from "querycast";
import { liveData } from "./live-data.ts";

/** The public page of a publication: its name, its description and its articles. */
export const publicationPage = liveData({
  title: "Publication page",
  phase: 4,
  on: {
    publication: {
      "publication.updated": ids("publicationId"),
      "feed.changed": ids("articleId"),
    },
  },
});

/** The members of a publication and their roles. Only members can join the channel. */
export const team = liveData({
  title: "Members and roles",
  phase: 4,
  on: {
    team: {
      "member.joined": ids("userId"),
      "member.left": ids("userId"),
      "member.role-given": ids("userId"),
      "member.role-taken": ids("userId"),
      "role.created": ids("roleId"),
      "role.updated": ids("roleId"),
      "role.deleted": ids("roleId"),
    },
  },
});

/** A person's memberships. The end of one reaches the person, who can no longer join the team. */
export const memberships = liveData({
  title: "Memberships",
  phase: 4,
  on: {
    user: {
      "membership.started": ids("publicationId"),
      "membership.changed": ids("publicationId"),
      "membership.ended": ids("publicationId"),
    },
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
    team: {
      "invitation.created": ids("publicationId"),
      "invitation.updated": ids("publicationId"),
      "invitation.deleted": ids("publicationId"),
    },
    user: {
      "invitation.created": ids("invitationId"),
      "invitation.updated": ids("invitationId"),
      "invitation.deleted": ids("invitationId"),
    },
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
    user: {
      "submission.created": ids("submissionId"),
      "submission.updated": ids("submissionId"),
      "submission.deleted": ids("submissionId"),
    },
    desk: {
      "submission.created": ids("submissionId"),
      "submission.updated": ids("submissionId"),
      "submission.deleted": ids("submissionId"),
    },
    submission: {
      "submission.updated": ids("submissionId"),
      "submission.deleted": ids("submissionId"),
    },
  },
});

/** Tasks: for the person who has to do them, for the desk, and on the page of their submission. */
export const tasks = liveData({
  title: "Tasks",
  phase: 4,
  on: {
    user: {
      "task.created": ids("taskId"),
      "task.updated": ids("taskId"),
      "task.deleted": ids("taskId"),
    },
    desk: {
      "task.created": ids("taskId"),
      "task.updated": ids("taskId"),
      "task.deleted": ids("taskId"),
    },
    submission: {
      "task.created": ids("taskId"),
      "task.updated": ids("taskId"),
    },
  },
});

/**
 * The evidence log of a publication. The signal names the publication only, since viewers join who may not read the
 * observation.
 */
export const evidence = liveData({
  title: "Evidence",
  phase: 4,
  on: {
    publication: {
      "observation.added": ids("publicationId"),
    },
  },
});
