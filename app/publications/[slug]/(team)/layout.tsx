import { notFound, redirect } from "next/navigation";
import { TeamGate } from "@/features/publications/components/team-gate.tsx";
import { currentAccount } from "../../../viewer.ts";
import { findPublication, findStanding } from "../../find-publication.ts";

/** The pages for members. For all other viewers they do not exist. */
export default async function TeamLayout({
  params,
  children,
}: LayoutProps<"/publications/[slug]">) {
  const { slug } = await params;
  const [publication, account] = await Promise.all([findPublication(slug), currentAccount()]);
  if (publication === null) notFound();
  if (account === null) redirect(`/sign-in?next=/publications/${publication.slug}`);
  if (!(await findStanding(publication.id)).isMember) notFound();
  return (
    <TeamGate publicationId={publication.id} name={publication.name} viewerId={account.id}>
      {children}
    </TeamGate>
  );
}
