import { ilike, or, type SQL } from "drizzle-orm";
import { users } from "../schema.ts";
import { escapeLike } from "./escape-like.ts";

/** The condition that a text is part of the name or the handle of a row of `users`; none for an empty text. */
export function isNamed(search = ""): SQL | undefined {
  if (search === "") return undefined;
  const pattern = `%${escapeLike(search)}%`;
  return or(ilike(users.name, pattern), ilike(users.handle, pattern));
}
