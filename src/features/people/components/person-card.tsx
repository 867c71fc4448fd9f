"use client";

import { useQuery } from "@tanstack/react-query";
import { personQuery } from "../queries.ts";
import type { Person } from "../schema.ts";
import { PersonHead } from "./person-head.tsx";

/** The head of a profile, live. */
export function PersonCard({ person }: { person: Person }) {
  const { data } = useQuery(personQuery(person.id));
  return <PersonHead person={data ?? person} />;
}
