"use client";

import { useQuery } from "@tanstack/react-query";
import { topTagsQuery } from "../queries.ts";
import { TagIndex } from "./tag-index.tsx";

/** The most used tags. */
export function TopTags() {
  const { data: tags = [] } = useQuery(topTagsQuery());
  return <TagIndex title="Popular tags" tags={tags} />;
}
