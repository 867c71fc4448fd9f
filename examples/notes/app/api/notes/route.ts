import { readNotes } from "../../../server/notes.ts";
import { viewerOf } from "../../../server/viewer.ts";

export async function GET(request: Request): Promise<Response> {
  const viewer = await viewerOf(request.headers.get("cookie"));
  if (viewer === null) return new Response(null, { status: 401 });
  const boardId = new URL(request.url).searchParams.get("board") ?? "";
  const notes = await readNotes(viewer, boardId);
  return Response.json(notes, { headers: { "cache-control": "no-store" } });
}
