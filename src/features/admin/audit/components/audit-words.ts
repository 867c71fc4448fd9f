import { idsIn } from "@/lib/text/names.ts";
import type { AuditEntry } from "../schema.ts";

/** A part of a sentence: words, a row by its id, or a channel by its name. */
export type AuditPart = string | { readonly id: string } | { readonly channel: string };

type Detail = Readonly<Record<string, unknown>>;
type Words = (subject: AuditPart, detail: Detail) => readonly AuditPart[];

/** The words after the name of the person, by action. It covers every action that the site records. */
const words: Readonly<Record<string, Words>> = {
  "user.banned": (who) => ["banned ", who, " from the site"],
  "user.unbanned": (who) => ["lifted the ban of ", who],
  "user.role-changed": (who, { from, to }) => [
    "changed the role of ",
    who,
    ` from ${text(from)} to ${text(to)}`,
  ],
  "sessions.revoked": (who, { sessions }) => [
    "signed out ",
    who,
    ` on ${text(sessions)} ${sessions === 1 ? "device" : "devices"}`,
  ],
  "connections.ended": (who) => ["cut the connections of ", who],
  "comment.removed": (_, { authorId, articleId, gistId }) => [
    "removed a comment",
    ...about(" by ", authorId),
    ...about(" on ", articleId ?? gistId),
  ],
  "phase.changed": (phase, { to }) => ["set ", phase, ` to ${stage(to)}`],
  "channel.changed": (kind, { to }) => ["changed the kind ", kind, ` to ${settings(to)}`],
  "channel.banned": (_, detail) => ["banned ", ...fromChannel(detail)],
  "channel.unbanned": (_, detail) => ["lifted the ban of ", ...fromChannel(detail)],
  "broker-app.added": (app) => ["added the broker’s ", app],
  "broker-app.made-current": (app, { before }) => [
    "made the broker’s ",
    app,
    ` current${typeof before === "string" ? `, in place of ${before}` : ""}`,
  ],
  "broker-app.retired": (app) => ["retired the broker’s ", app],
  "broker-app.accepted": (app) => ["accepted the broker’s ", app, " again"],
  "signal.retried": (signal) => ["sent the failed ", signal, " again"],
  "signal.dropped": (signal) => ["dropped the failed ", signal],
  "announcement.made": (_, { text: said }) => [`announced “${text(said)}”`],
  "announcement.withdrawn": (_, { text: said }) => [`withdrew the announcement “${text(said)}”`],
  "join.denied": (channel) => ["was refused ", channel],
};

/** The actions with a sentence. */
export const auditActions: readonly string[] = Object.keys(words);

/** The sentence of an entry, without the person at its start. An unknown action is shown by its name. */
export function auditSentence({ action, subject, detail }: Entry): readonly AuditPart[] {
  return words[action]?.(partOf(subject), detail) ?? [`${action}: `, partOf(subject)];
}

type Entry = Pick<AuditEntry, "action" | "subject" | "detail">;

function partOf(subject: string): AuditPart {
  const [id] = idsIn(subject);
  if (id === undefined) return subject;
  return /^(user|comment) /.test(subject) ? { id } : { channel: subject };
}

const about = (preposition: string, id: unknown): readonly AuditPart[] =>
  typeof id === "string" ? [preposition, { id }] : [];

const fromChannel = ({ userId, channel }: Detail): readonly AuditPart[] => [
  typeof userId === "string" ? { id: userId } : "all people",
  " from ",
  typeof channel === "string" ? { channel } : "every channel",
];

function stage(value: unknown): string {
  if (typeof value !== "object" || value === null || !("status" in value)) return "its default";
  if (value.status === "percent" && "percent" in value) return `on for ${text(value.percent)} %`;
  return value.status === "staff" ? "on for staff" : text(value.status);
}

function settings(value: unknown): string {
  if (typeof value !== "object" || value === null) return "its default";
  const { stage: to, audience, options } = value as Detail;
  const limits = Object.entries((options ?? {}) as Detail).map(
    ([name, limit]) => `${name} ${text(limit)}`,
  );
  return [stage(to), `for ${text(audience)}`, ...limits].join(", ");
}

const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
