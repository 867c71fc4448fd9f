import { isCursor } from "@/lib/pages/page-cursor.ts";

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** One query parameter of the page; `null` when it is missing or repeated. */
export async function readParam(searchParams: SearchParams, name: string): Promise<string | null> {
  const value = (await searchParams)[name];
  return typeof value === "string" && value !== "" ? value : null;
}

/** All query parameters that are given once and are not empty. */
export async function readParams(searchParams: SearchParams): Promise<Record<string, string>> {
  const given = Object.entries(await searchParams);
  return Object.fromEntries(
    given.filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
    ),
  );
}

/** The cursor in the URL of a list page; `null` (the start of the list) when it is missing or invalid. */
export async function readAfter(searchParams: SearchParams): Promise<string | null> {
  const after = await readParam(searchParams, "after");
  return after !== null && isCursor(after) ? after : null;
}
