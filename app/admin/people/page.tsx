import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PeopleList } from "@/features/admin/people/components/people-list.tsx";
import { listPeopleInput } from "@/features/admin/people/schema.ts";
import { FilterForm } from "@/ui/forms/filter-form.tsx";
import { Notice } from "@/ui/notice.tsx";
import { readParams, type SearchParams } from "../../search-params.ts";
import { currentAccount } from "../../viewer.ts";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage({ searchParams }: { searchParams: SearchParams }) {
  const [account, given] = await Promise.all([currentAccount(), readParams(searchParams)]);
  if (account === null) notFound();
  const input = listPeopleInput.safeParse(given);
  return (
    <>
      <h1 className="mb-2 font-serif text-3xl font-medium tracking-tight">People</h1>
      <p className="mb-6 max-w-[60ch] font-serif text-lg text-ink-soft">
        A ban ends every session at once. Every change is recorded in the audit log.
      </p>
      <FilterForm
        action="/admin/people"
        values={given}
        fields={[
          { name: "search", label: "Name or handle" },
          {
            name: "only",
            label: "Show",
            choices: [
              { value: "", label: "All people" },
              { value: "signed-in", label: "Signed in" },
              { value: "banned", label: "Banned" },
            ],
          },
        ]}
      />
      <div className="mt-6">
        {input.success ? (
          <PeopleList key={JSON.stringify(input.data)} input={input.data} viewerId={account.id} />
        ) : (
          <Notice>{input.error.issues[0]?.message}</Notice>
        )}
      </div>
    </>
  );
}
