import type { Sql } from "postgres";
import type { OpenAnswer } from "@/features/desk/write-answer.ts";
import type { Random } from "../random.ts";
import type { Inhabitant } from "./world-rows.ts";

/** The chat of a publication, of which every person is a member. */
export interface Chat {
  readonly publicationId: string;
  /** Its owner, who removes members. */
  readonly founder: Inhabitant;
  /** Answers of the analyst that are being written. */
  readonly answers: readonly OpenAnswer[];
}

const answersWritten = 3;

/** Adds a publication with a chat: questions, and answers without a text. */
export async function fillChat(
  owner: Sql,
  random: Random,
  people: readonly Inhabitant[],
): Promise<Chat> {
  const publicationId = random.uuid();
  const founder = people.at(-1);
  if (founder === undefined) throw new Error("A chat needs at least one person.");
  // A trigger makes the founder its owner.
  await owner`
    insert into publications (id, slug, name, founder_id)
    values (${publicationId}, 'chat', 'Chat', ${founder.viewer.userId})`;
  for (const { viewer } of people) {
    await owner`
      insert into publication_members (publication_id, user_id)
      values (${publicationId}, ${viewer.userId}) on conflict do nothing`;
  }
  const answers: OpenAnswer[] = [];
  for (let index = 0; index < answersWritten; index += 1) {
    const [questionId, answerId] = [random.uuid(), random.uuid()];
    const authorId = random.pick(people).viewer.userId;
    await owner`
      insert into chat_messages (id, publication_id, author_id, question_id, state) values
        (${questionId}, ${publicationId}, ${authorId}, null, 'asked'),
        (${answerId}, ${publicationId}, null, ${questionId}, 'writing')`;
    answers.push({ answerId, publicationId, attempt: 1 });
  }
  return { publicationId, founder, answers };
}
