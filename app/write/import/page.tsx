import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { ImportForm } from "@/features/imports/components/import-form.tsx";
import { listImports } from "@/features/imports/get-import.ts";
import { count } from "@/lib/text/text.ts";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { Link } from "@/ui/link.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { currentAccount } from "../../viewer.ts";
import { NotAnAuthor } from "../not-an-author.tsx";

export const metadata: Metadata = { title: "Import drafts" };

export default async function ImportPage() {
  const account = await currentAccount();
  if (account === null) redirect("/sign-in?next=/write/import");
  if (account.role === "reader") return <NotAnAuthor />;
  const imports = await readAsViewer(listImports);
  return (
    <>
      <h1 className="mb-2 font-serif text-3xl font-medium tracking-tight">Import drafts</h1>
      <p className="mb-6 max-w-[60ch] font-serif text-lg text-ink-soft">
        Each Markdown file becomes a draft. Front matter may set title, tags and excerpt; without a
        title, the first heading is the title.
      </p>
      <ImportForm />
      {imports.length > 0 && (
        <section className="mt-12 max-w-xl">
          <SectionTitle>Earlier imports</SectionTitle>
          <ul className="divide-y divide-rule">
            {imports.map(({ id, createdAt, files, isFinished }) => (
              <li key={id} className="flex flex-wrap justify-between gap-x-4 py-2.5">
                <Link href={`/write/import/${id}`} className="text-link">
                  {count(files, "file")}, <RelativeTime at={createdAt} />
                </Link>
                <span className="text-sm text-ink-soft">
                  {isFinished ? "Finished" : "In progress"}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
