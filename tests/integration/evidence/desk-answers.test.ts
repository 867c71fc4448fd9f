import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { createReasoner } from "@/features/analyst/create-reasoner.ts";
import { answerInChat, giveUpAnswer } from "@/features/desk/answer-in-chat.ts";
import { listContents } from "@/features/desk/list-contents.ts";
import { say } from "@/features/desk/say.ts";
import { findQuestion } from "@/features/desk/write-answer.ts";
import { readMemberEvidence } from "@/features/evidence/read/read-member-evidence.ts";
import type { Reasoner } from "@/lib/analyst/reasoner.ts";
import { createEvidenceRig, keys } from "../../support/rigs/evidence-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { messagesOf } from "./messages-of.ts";

const { ben } = viewers;

let rig: Awaited<ReturnType<typeof createEvidenceRig>>;
let paper: Awaited<ReturnType<typeof rig.found>>;
beforeAll(async () => {
  rig = await createEvidenceRig();
  paper = await rig.found();
  const record = (statement: string, clearance: string) =>
    paper.record(ben, { statement, clearance });
  await record("The ferry left 14 minutes late.", "public");
  await record("The ferry has a worn gearbox.", "editor");
  await record("The ferry carries 120 people. It is painted white.", "member");
});
afterAll(() => rig?.close());

const builtIn = createReasoner(null);

/** Asks in the chat as ben, who may read every observation. */
async function ask(text = "What is known about the ferry and its gearbox?") {
  const messageId = randomUUID();
  const { publicationId } = paper;
  const input = { publicationId, messageId, text, isQuestion: true };
  await rig.site.contexts.write(ben)((ctx) => say(ctx, input));
  const question = await rig.site.contexts.job((ctx) => findQuestion(ctx, messageId));
  if (question === null) throw new Error("The question is missing.");
  const options = (reasoner: Reasoner) => ({
    ...readMemberEvidence(rig.site.database, keys, publicationId),
    job: rig.site.contexts.job,
    reasoner,
    signal: new AbortController().signal,
  });
  return {
    messageId,
    answer: (reasoner: Reasoner = builtIn) => answerInChat(options(reasoner), question),
    giveUp: () => giveUpAnswer(rig.site.contexts.job, question),
    /** The answer as members read it. */
    shown: async () => {
      const [row] = await rig.site.owner<{ id: string }[]>`
        select id from chat_messages where question_id = ${messageId}`;
      const read = rig.site.contexts.read(ben);
      const messages = await read((ctx) => messagesOf(ctx, { publicationId }));
      const contents = await read((ctx) => listContents(ctx, { publicationId }));
      const parts = contents.filter((content) => content.messageId === row?.id);
      return {
        message: messages.find(({ id }) => id === row?.id),
        parts,
        text: parts.map((part) => part.text).join(""),
      };
    },
  };
}

/** A reasoner that yields these sentences, and then throws if `fails`. */
const sayer = (sentences: readonly string[], fails = false): Reasoner => ({
  name: "test",
  answer: async function* () {
    for (const text of sentences) yield { type: "text", text: `${text} ` };
    if (fails) throw new Error("The model is gone.");
  },
});

test("S0.14 an answer is written part by part, and each part is published by its id", async () => {
  const { answer, shown } = await ask();
  const chat = channels.chat({ publicationId: paper.publicationId }).name;
  const published = async () =>
    (await rig.site.newSignals()).filter(({ channel }) => channel === chat);
  await published();
  await answer();
  const { message, parts, text } = await shown();
  expect(message).toMatchObject({ author: null, state: "complete", grounded: true });
  expect(text).toContain("The ferry left 14 minutes late [OBS-0001].");
  expect(parts.length).toBeGreaterThan(1);
  const signals = await published();
  expect(signals.map(({ name }) => name)).toEqual([
    "chat.message-added",
    ...parts.map(() => "chat.content"),
    "chat.message-changed",
  ]);
  expect(signals.slice(1, -1).map(({ ids }) => ids?.contentId)).toEqual(parts.map(({ id }) => id));
});

test("an answer in the chat has nothing that only editors may read, also when an editor asks", async () => {
  const { answer, shown } = await ask();
  await answer();
  expect((await shown()).text).not.toContain("gearbox");
  const inventing = await ask();
  await inventing.answer(sayer(["The ferry has a worn gearbox [OBS-0002]."]));
  expect((await inventing.shown()).message).toMatchObject({ state: "complete", grounded: false });
});

test("an attempt that fails is begun again: its parts are replaced, and left ones are emptied", async () => {
  const { answer, shown } = await ask();
  const first = [
    "The ferry left 14 minutes late [OBS-0001].",
    "It is painted white [OBS-0003].",
    "This sentence is not complete",
  ];
  await expect(answer(sayer(first, true))).rejects.toThrow("gone");
  const broken = await shown();
  expect(broken.message).toMatchObject({ state: "writing" });
  expect(broken.parts).toHaveLength(2);
  await answer(sayer(["The ferry carries 120 people [OBS-0003]."]));
  const { message, parts, text } = await shown();
  expect(message).toMatchObject({ state: "complete", grounded: true });
  expect(text.trim()).toBe("The ferry carries 120 people [OBS-0003].");
  expect(parts.map(({ id }) => id)).toEqual(broken.parts.map(({ id }) => id));
  expect(parts.map(({ version }) => version)).toEqual([2, 2]);
});

test("an attempt that runs on after the next one has begun writes nothing more, and ends nothing", async () => {
  const { answer, shown } = await ask();
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let hasWritten = () => {};
  const wrote = new Promise<void>((resolve) => {
    hasWritten = resolve;
  });
  const slow = answer({
    name: "slow",
    answer: async function* () {
      yield { type: "text", text: "The ferry left 14 minutes late [OBS-0001]. It " };
      hasWritten();
      await held;
      yield { type: "text", text: "sank [OBS-0001]. It was painted [OBS-0003]. " };
    },
  });
  await wrote;
  await answer(
    sayer(["The ferry carries 120 people [OBS-0003].", "It is painted white [OBS-0003]."]),
  );
  const complete = await shown();
  expect(complete.message).toMatchObject({ state: "complete", grounded: true });
  goOn();
  await slow;
  expect(await shown()).toEqual(complete);
});

test("an answer that is given up says so, and a complete one stays as it is", async () => {
  const { answer, giveUp, shown } = await ask();
  await giveUp();
  expect((await shown()).message).toMatchObject({ state: "failed" });
  await answer();
  const complete = await shown();
  await giveUp();
  await answer(sayer(["Another answer."]));
  expect(await shown()).toEqual(complete);
});

test("S2.5 S2.11 an answer in the chat is no longer shown as grounded when its observation is altered", async () => {
  const { answer, shown } = await ask();
  await answer(sayer(["The ferry left 14 minutes late [OBS-0001]."]));
  expect((await shown()).message).toMatchObject({ grounded: true, lost: [] });
  await paper.tamper(
    (tx) => tx`update observations set statement = 'The ferry left 41 minutes late.'
      where publication_id = ${paper.publicationId} and number = 1`,
  );
  expect((await shown()).message).toMatchObject({ grounded: true, lost: ["OBS-0001"] });
});
