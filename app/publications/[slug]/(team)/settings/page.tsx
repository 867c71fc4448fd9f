import type { Metadata } from "next";
import { SettingsForm } from "@/features/publications/components/settings-form.tsx";
import { memberPage } from "../../../member-page.ts";

export const metadata: Metadata = { title: "Settings of a publication" };

export default async function SettingsPage({ params }: PageProps<"/publications/[slug]/settings">) {
  const { publication, account } = await memberPage(params);
  return (
    <>
      <h1 className="mb-6 font-serif text-2xl font-medium">Settings</h1>
      <SettingsForm publicationId={publication.id} viewerId={account.id} />
    </>
  );
}
