import { headers } from "next/headers";
import { viewerOf } from "../server/viewer.ts";
import { addNote } from "./actions.ts";
import { Board } from "./board.tsx";
import { Providers } from "./providers.tsx";

export default async function Page() {
  const viewer = await viewerOf((await headers()).get("cookie"));
  if (viewer === null) return <p>Sign in to see the board.</p>;
  return (
    <Providers viewerId={viewer.id}>
      <Board boardId="welcome" addNote={addNote} />
    </Providers>
  );
}
