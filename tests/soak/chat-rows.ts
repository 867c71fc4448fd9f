import type { Sql } from "postgres";
import type { OpenAnswer } from "@/features/desk/write-answer.ts";
import type { Random } from "./random.ts";
import type { Inhabitant } from "./world-rows.ts";

/** The chat of a publication, of which every person is a member. */
export interface Chat {
  readonly publicationId: string;
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
  await owner`insert into publications (id, slug, name) values (${publicationId}, 'chat', 'Chat')`;
  for (const { viewer } of people) {
    await owner`
      insert into publication_members (publication_id, user_id)
      values (${publicationId}, ${viewer.userId})`;
  }
  const answers: OpenAnswer[] = [];
  for (let index = 0; index < answersWritten; index += 1) {
    const [questionId, answerId] = [random.uuid(), random.uuid()];
    const authorId = random.pick(people).viewer.userId;
    await owner`
      insert into chat_messages (id, publication_id, author_id, question_id, state) values
        (${questionId}, ${publicationId}, ${authorId}, null, 'asked'),
        (${answerId}, ${publicationId}, null, ${questionId}, 'writing')`;
    answers.push({ answerId, publicationId });
  }
  return { publicationId, answers };
}
