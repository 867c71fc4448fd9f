import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { type ChannelRef, contract } from "querycast";
import { type Decided, decide, type Rollout, type RolloutView } from "querycast/server";
import { parseChannelName } from "@/channels/channel-name.ts";
import { channels } from "@/channels/index.ts";
import type { Database } from "@/db/database.ts";
import { sessions, userBans, users } from "@/db/schema.ts";
import type { Viewer } from "@/db/viewer.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { AccessExplanation, AccessQuestion, AccessStep } from "../../context-types.ts";
import { createAccess } from "./access.ts";
import { ruleNotes, type SiteViewer } from "./rules.ts";

export interface ExplainOptions {
  readonly database: Database;
  readonly rollout: Rollout<SiteViewer>;
  readonly onError: (error: unknown) => void;
}

/**
 * Creates the check whether a person may receive a channel now. It asks `decide`, as the route does, in a transaction
 * of that person, and describes the steps that led to the decision.
 */
export function createExplainAccess({ database, rollout, onError }: ExplainOptions) {
  const access = { ...createAccess(database, rollout), onError };
  return async (admin: Viewer, { userId, channel }: AccessQuestion): Promise<AccessExplanation> => {
    const person = await findPerson(database, admin, userId);
    const ref = parseChannelName(channel);
    const before = [known(channel, ref), signedIn(person)];
    if (ref === undefined) return { decision: "denied", steps: before, policies: [] };
    const decided = (await decide(access, { id: userId, role: person.role }, [ref])).get(ref.name);
    const { stages } = await rollout.current();
    return {
      decision: person.sessions > 0 ? (decided?.decision ?? "denied") : "denied",
      steps: [...before, ...(decided === undefined ? [] : stepsOf(decided, ref, stages))],
      policies: await policiesOf(database, ref),
    };
  };
}

const answers = { allowed: "yes", denied: "no", unavailable: "unavailable" } as const;

/** The steps that were reached, in their order. */
function stepsOf(
  { isOn, rule, withheld }: Decided,
  { kind }: ChannelRef,
  stages: RolloutView["stages"],
): readonly AccessStep[] {
  const steps: AccessStep[] = [
    {
      question: `Is the channel kind "${kind}" switched on for this person?`,
      answer: isOn ? "yes" : "no",
      because: stagesInWords(kind, stages),
    },
  ];
  if (rule !== undefined) {
    steps.push({
      question: "Does the rule allow access?",
      answer: answers[rule],
      because: ruleNotes[kind as keyof typeof ruleNotes].words,
    });
  }
  if (withheld !== undefined) steps.push(notBanned(withheld));
  return steps;
}

function notBanned(withheld: boolean | "unavailable"): AccessStep {
  const question = "Is the person not banned from the channel?";
  if (withheld === "unavailable") {
    return { question, answer: withheld, because: "The bans cannot be read now." };
  }
  return {
    question,
    answer: withheld ? "no" : "yes",
    because: withheld
      ? "This person, or all people, are banned from this channel."
      : "No ban exists.",
  };
}

const known = (name: string, ref: ChannelRef | undefined): AccessStep => ({
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

const signedIn = ({ isBanned, sessions: open }: Person): AccessStep => ({
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

/** The row-level policies that apply to the read of the rule, from the catalog of Postgres. */
async function policiesOf(
  database: Database,
  { kind, params }: ChannelRef,
): Promise<AccessExplanation["policies"]> {
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

function stagesInWords(kind: string, stages: RolloutView["stages"]): string {
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
