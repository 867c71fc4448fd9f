import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { PublicationForm } from "@/features/publications/components/publication-form.tsx";
import { currentAccount } from "../../viewer.ts";

export const metadata: Metadata = { title: "New publication" };

export default async function NewPublicationPage() {
  if ((await currentAccount()) === null) redirect("/sign-in?next=/publications/new");
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="mb-3 font-serif text-3xl font-medium tracking-tight">New publication</h1>
      <p className="mb-8 max-w-[60ch] font-serif text-lg text-ink-soft">
        A publication has members with roles. They review, approve and publish articles together.
        You become its owner.
      </p>
      <PublicationForm />
    </div>
  );
}
