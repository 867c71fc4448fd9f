import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { channels } from "./channels.ts";

export interface Note {
  readonly id: string;
  readonly body: string;
}

/** The notes of a board. They are read again after each signal on its channel. */
export const notesQuery = (boardId: string) =>
  live(
    queryOptions({
      queryKey: ["notes", boardId],
      queryFn: async ({ signal }): Promise<readonly Note[]> => {
        const response = await fetch(`/api/notes?board=${encodeURIComponent(boardId)}`, { signal });
        if (!response.ok) throw new Error(`The notes could not be read (${response.status}).`);
        return response.json();
      },
    }),
    [channels.board({ boardId })],
  );
