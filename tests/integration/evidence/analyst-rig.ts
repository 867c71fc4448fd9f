import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { Viewer } from "@/db/viewer.ts";
import { ask } from "@/features/analyst/ask.ts";
import { createReasoner } from "@/features/analyst/create-reasoner.ts";
import { listAnswers } from "@/features/analyst/list-answers.ts";
import { resolveCitations } from "@/features/evidence/read/resolve-citations.ts";
import type { AnswerFrame } from "@/lib/analyst/frames.ts";
import type { Reasoner } from "@/lib/analyst/reasoner.ts";
import { answerQuestion } from "../../../app/api/analyst/answer-question.ts";
import { createEvidenceRig, keys } from "../../support/rigs/evidence-rig.ts";
import type { Member } from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

const { ben } = viewers;

export const builtIn = createReasoner(null);

interface Asking {
  /** Default: the built-in one. */
  readonly reasoner?: Reasoner;
  readonly question?: string;
  /** Default: the publication of the rig. */
  readonly publicationId?: string;
  readonly signal?: AbortSignal;
}

type EvidenceRig = Awaited<ReturnType<typeof createEvidenceRig>>;
type Paper = Awaited<ReturnType<EvidenceRig["found"]>>;

/**
 * A publication with five observations about a ferry, and its analyst. Observation 2 corrects 1, editors alone read 3,
 * and the text of 5 was altered.
 */
export async function createAnalystRig() {
  const rig = await createEvidenceRig();
  const paper = await rig.found();
  await recordFerry(paper);

  /** Asks as a member, as the route does. */
  async function askAs(member: Member, { reasoner = builtIn, ...asking }: Asking = {}) {
    const { question = "What is known about the ferry?", signal } = asking;
    const { publicationId = paper.publicationId } = asking;
    const input = { publicationId, answerId: randomUUID(), question };
    await rig.site.contexts.write(member)((ctx) => ask(ctx, input, reasoner.name));
    const frames = answerQuestion(input, {
      contexts: rig.site.contexts,
      keys,
      reasoner,
      viewer: async () => member,
      signal: signal ?? new AbortController().signal,
    });
    return { frames, answerId: input.answerId };
  }

  return {
    ...rig,
    paper,
    askAs,
    /** Asks, and reads all frames of the answer. */
    answerOf: async (member: Member, asking: Asking = {}) => {
      const { frames, answerId } = await askAs(member, asking);
      const all: AnswerFrame[] = [];
      let error: unknown = null;
      try {
        for await (const frame of frames) all.push(frame);
      } catch (thrown) {
        error = thrown;
      }
      const text = all.map((frame) => (frame.type === "text" ? frame.content : "")).join("");
      const [done, ...more] = all.filter((frame) => frame.type === "done");
      expect(more).toEqual([]);
      return { all, text, done: done ?? null, error, answerId };
    },
    /** The stored answer as a viewer reads it. */
    stored: async (viewer: Viewer, answerId: string, publicationId = paper.publicationId) => {
      const page = await rig.site.contexts.read(viewer)((ctx) =>
        listAnswers(
          { ...ctx, resolve: resolveCitations({ ...ctx, keys }, publicationId) },
          { publicationId },
        ),
      );
      return page.rows.find(({ id }) => id === answerId);
    },
  };
}

async function recordFerry(paper: Paper): Promise<void> {
  const ferry = (statement: string, fields = {}) => paper.record(ben, { statement, ...fields });
  await ferry("The ferry left 9 minutes late.", { clearance: "public" });
  await ferry("The ferry left 14 minutes late.", { clearance: "public", corrects: "OBS-0001" });
  await ferry("The ferry has a worn gearbox. It failed 11 times.", { clearance: "editor" });
  await ferry("The ferry carries 120 people.", {
    figures: [{ name: "Crew", value: "6", unit: "people" }],
  });
  await ferry("The ferry was painted in 2019.");
  await paper.tamper(
    (tx) => tx`update observations set statement = 'The ferry was painted in 2021.'
      where publication_id = ${paper.publicationId} and number = 5`,
  );
}
