import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { GistForm } from "@/features/gists/components/gist-form.tsx";
import { currentAccount } from "../../viewer.ts";

export const metadata: Metadata = { title: "New gist" };

export default async function NewGistPage() {
  if ((await currentAccount()) === null) redirect("/sign-in?next=/gists/new");
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="mb-8 font-serif text-3xl font-medium tracking-tight">New gist</h1>
      <GistForm />
    </div>
  );
}
