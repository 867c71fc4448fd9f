import { sql, type Viewer } from "./database.ts";

/** The viewer of a session cookie; null without a valid one. Use the function of your own authentication here. */
export async function viewerOf(cookies: string | null): Promise<Viewer | null> {
  const token = /(?:^|; )session=([\w-]+)/.exec(cookies ?? "")?.[1];
  if (token === undefined) return null;
  const [session] = await sql<{ userId: string }[]>`
    select user_id as "userId" from sessions where token = ${token}`;
  return session === undefined ? null : { id: session.userId };
}
