import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { PasswordForm } from "@/features/account/components/password-form.tsx";
import { ProfileForm } from "@/features/people/components/profile-form.tsx";
import { getPerson } from "@/features/people/get-person.ts";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { currentAccount } from "../viewer.ts";
import { SettingsNav } from "./settings-nav.tsx";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const account = await currentAccount();
  if (account === null) redirect("/sign-in?next=/settings");
  const person = await readAsViewer((ctx) => getPerson(ctx, account));
  if (person === null) notFound();
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="mb-8 font-serif text-3xl font-medium tracking-tight">Settings</h1>
      <SettingsNav current="profile" />
      <div className="mt-8 max-w-xl">
        <ProfileForm person={person} />
      </div>
      <section className="mt-14 max-w-xl">
        <SectionTitle className="mb-6">Password</SectionTitle>
        <PasswordForm userId={account.id} />
      </section>
    </div>
  );
}
