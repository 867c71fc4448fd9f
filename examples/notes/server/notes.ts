import { signal } from "querycast";
import { channels } from "../channels.ts";
import type { Note } from "../notes.ts";
import { readAs, type Viewer, writeAs } from "./database.ts";
import { publish } from "./querycast.ts";

/** The newest notes of a board that the viewer may read. */
export const readNotes = (viewer: Viewer, boardId: string) =>
  readAs(
    viewer,
    (tx) => tx<Note[]>`
      select id, body from notes where board_id = ${boardId} order by created_at desc limit 100`,
  );

/** Writes a note, and publishes its signal in the same transaction. */
export const insertNote = (viewer: Viewer, boardId: string, body: string) =>
  writeAs(viewer, async (tx) => {
    const noteId = crypto.randomUUID();
    await tx`
      insert into notes (id, board_id, author_id, body)
      values (${noteId}, ${boardId}, ${viewer.id}, ${body})`;
    await publish(signal(channels.board({ boardId }), "note.added", { noteId }), { tx });
  });
