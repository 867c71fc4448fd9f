"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLiveState } from "querycast/react";
import { notesQuery } from "../notes.ts";

interface BoardProps {
  readonly boardId: string;
  readonly addNote: (boardId: string, body: string) => Promise<void>;
}

export function Board({ boardId, addNote }: BoardProps) {
  const query = notesQuery(boardId);
  const { data: notes = [] } = useQuery(query);
  const { status } = useLiveState(query);
  const queryClient = useQueryClient();
  const add = async (form: FormData) => {
    await addNote(boardId, String(form.get("body")));
    await queryClient.invalidateQueries({ queryKey: query.queryKey });
  };
  return (
    <main>
      <p role="status">{status}</p>
      <form action={add}>
        <label>
          Note <input name="body" required maxLength={1000} />
        </label>
        <button type="submit">Add</button>
      </form>
      <ul>
        {notes.map(({ id, body }) => (
          <li key={id}>{body}</li>
        ))}
      </ul>
    </main>
  );
}
