import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { type ChannelRef, contract } from "querycast";
import type { Stage } from "querycast/server";
import { channels } from "@/channels/index.ts";
import type { Database } from "@/db/database.ts";
import { sessions, userBans, users } from "@/db/schema.ts";
import type { Viewer } from "@/db/viewer.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { HearingExplanation, HearingQuestion, HearingStep } from "@/wiring/context-types.ts";
import { createBans, type createSiteRollout } from "./rollout.ts";
import { authority, type Member, ruleNotes } from "./rules.ts";

export interface ExplainOptions {
  readonly database: Database;
  readonly rollout: ReturnType<typeof createSiteRollout>;
}

/**
 * Creates the check whether a person may receive a channel now. It takes the same steps as the route (the
 * same rule in a transaction of that person, the same rollout, the same bans) and gives the reason of each.
 */
export function createExplainHearing({ database, rollout }: ExplainOptions) {
  const bans = createBans(database);
  return async (
    admin: Viewer,
    { userId, channel }: HearingQuestion,
  ): Promise<HearingExplanation> => {
    const person = await findPerson(database, admin, userId);
    const ref = parse(channel);
    const steps: HearingStep[] = [known(channel, ref), signedIn(person)];
    if (ref === undefined) return { decision: "denied", steps, policies: [] };
    const member: Member = { id: userId, role: person.role };
    const view = await rollout.current();
    const isLive = view.isLive(member, ref.kind);
    steps.push({
      question: `Is the channel kind "${ref.kind}" switched on for this person?`,
      answer: isLive ? "yes" : "no",
      because: stagesInWords(ref.kind, view.stages),
    });
    const rule = await byRule(database, member, ref);
    steps.push({
      question: "Does the rule allow access?",
      answer: rule,
      because: ruleNotes[ref.kind as keyof typeof ruleNotes].words,
    });
    const isKept = (await bans(member, [ref])).size > 0;
    steps.push({
      question: "Is the person not banned from the channel?",
      answer: isKept ? "no" : "yes",
      because: isKept
        ? "This person, or all people, are banned from this channel."
        : "No ban exists.",
    });
    return {
      decision: decisionOf(steps, isLive, rule),
      steps,
      policies: await policiesOf(database, ref),
    };
  };
}

function decisionOf(
  steps: readonly HearingStep[],
  isLive: boolean,
  rule: HearingStep["answer"],
): HearingExplanation["decision"] {
  if (steps[1]?.answer === "no") return "denied";
  if (!isLive) return "off";
  if (rule !== "yes") return rule === "no" ? "denied" : "unavailable";
  return steps.at(-1)?.answer === "no" ? "off" : "allowed";
}

const parse = (name: string): ChannelRef | undefined => {
  try {
    return channels[contract].parse(name);
  } catch {
    return undefined;
  }
};

const known = (name: string, ref: ChannelRef | undefined): HearingStep => ({
  question: "Does the channel exist?",
  answer: ref === undefined ? "no" : "yes",
  because:
    ref === undefined
      ? `"${name}" matches no channel pattern.`
      : `The name matches "${channels[contract].kinds.get(ref.kind)?.pattern}".`,
});

interface Person {
  readonly role: "reader" | "author" | "admin";
  readonly isBanned: boolean;
  readonly sessions: number;
}

const signedIn = ({ isBanned, sessions: open }: Person): HearingStep => ({
  question: "Is the person signed in?",
  answer: open > 0 ? "yes" : "no",
  because: isBanned
    ? "The account is banned from the site, and all its sessions have ended."
    : `The person has ${open} open ${open === 1 ? "session" : "sessions"}. A live connection needs one.`,
});

/** @throws {AppError} `not_found` */
async function findPerson(database: Database, admin: Viewer, userId: string): Promise<Person> {
  const [person] = await database.readAs(admin, (tx) =>
    tx
      .select({
        role: users.role,
        isBanned: sql<boolean>`${userBans.userId} is not null`,
        sessions: tx.$count(
          sessions,
          and(
            eq(sessions.userId, userId),
            isNull(sessions.revokedAt),
            gt(sessions.expiresAt, sql`now()`),
          ),
        ),
      })
      .from(users)
      .leftJoin(userBans, eq(userBans.userId, users.id))
      .where(eq(users.id, userId)),
  );
  if (person === undefined) throw new AppError("not_found", "This account does not exist.");
  return person;
}

async function byRule(
  database: Database,
  viewer: Member,
  { kind, params }: ChannelRef,
): Promise<HearingStep["answer"]> {
  try {
    const isAllowed = await database.readAs({ userId: viewer.id, role: viewer.role }, async (tx) =>
      authority.ruleOf(kind)?.(params, { viewer, tx }),
    );
    return isAllowed === true ? "yes" : "no";
  } catch {
    return "unavailable"; // as in the route: an error never gives access
  }
}

/** The row-level policies that apply to the read of the rule, from the catalog of Postgres. */
async function policiesOf(
  database: Database,
  { kind, params }: ChannelRef,
): Promise<HearingExplanation["policies"]> {
  const table = ruleNotes[kind as keyof typeof ruleNotes].table(params);
  if (table === null) return [];
  const rows = await database.asRelay((tx) =>
    tx.execute<{ name: string; using: string | null }>(
      sql`select policyname as name, qual as using from pg_policies
        where schemaname = 'public' and tablename = ${table} and 'app_user' = any(roles)
          and cmd in ('SELECT', 'ALL') order by policyname`,
    ),
  );
  return rows.map(({ name, using }) => ({ table, name, using: using ?? "true" }));
}

function stagesInWords(
  kind: string,
  stages: {
    readonly kinds: Readonly<Record<string, Stage>>;
    readonly audiences: Readonly<Record<string, string>>;
  },
): string {
  const stage = stages.kinds[kind] ?? { status: "on" };
  const audience = stages.audiences[kind] ?? "everyone";
  const words = {
    off: "The kind is switched off.",
    staff: "The kind is on for staff only.",
    percent: `The kind is on for ${stage.status === "percent" ? stage.percent : 0} % of people.`,
    on: "The kind is on.",
  }[stage.status];
  return audience === "everyone" ? words : `${words} Its audience is ${audience} only.`;
}
