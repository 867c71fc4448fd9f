import { notFound } from "next/navigation";
import type { Account } from "@/features/account/schema.ts";
import type { Publication, Standing } from "@/features/publications/schema.ts";
import { currentAccount } from "../viewer.ts";
import { findPublication, findStanding } from "./find-publication.ts";

interface MemberPage {
  readonly publication: Publication;
  readonly account: Account;
  readonly standing: Standing;
}

/** What every page for members needs. Answers 404 to all other viewers. */
export async function memberPage(params: Promise<{ readonly slug: string }>): Promise<MemberPage> {
  const { slug } = await params;
  const [publication, account] = await Promise.all([findPublication(slug), currentAccount()]);
  if (publication === null || account === null) notFound();
  const standing = await findStanding(publication.id);
  if (!standing.isMember) notFound();
  return { publication, account, standing };
}
