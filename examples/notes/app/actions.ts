"use server";

import { headers } from "next/headers";
import { insertNote } from "../server/notes.ts";
import { viewerOf } from "../server/viewer.ts";

export async function addNote(boardId: string, body: string): Promise<void> {
  const viewer = await viewerOf((await headers()).get("cookie"));
  if (viewer === null) throw new Error("Sign in to add a note.");
  await insertNote(viewer, boardId, body);
}
