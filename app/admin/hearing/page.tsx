import type { Metadata } from "next";
import { Explanation } from "@/features/hearing/components/explanation.tsx";
import { HearerList } from "@/features/hearing/components/hearers.tsx";
import { explainInput } from "@/features/hearing/schema.ts";
import { FilterForm } from "@/ui/filter-form.tsx";
import { SectionTitle } from "@/ui/section-title.tsx";
import { readParams, type SearchParams } from "../../search-params.ts";

export const metadata: Metadata = { title: "Who can hear this?" };

export default async function HearingPage({ searchParams }: { searchParams: SearchParams }) {
  const given = await readParams(searchParams);
  const question = explainInput.safeParse(given);
  return (
    <>
      <h1 className="mb-2 font-serif text-3xl font-medium tracking-tight">Who can hear this?</h1>
      <p className="mb-6 max-w-[60ch] font-serif text-lg text-ink-soft">
        Asked as the route asks it: the same rule, in a transaction of that person’s. A channel
        alone tells who is on it.
      </p>
      <FilterForm
        action="/admin/hearing"
        values={given}
        fields={[
          { name: "channel", label: "Channel", hint: "resource.article.<id>" },
          { name: "person", label: "Person", hint: "handle" },
        ]}
      />
      {question.success && (
        <section className="mt-10">
          <SectionTitle className="mb-5">@{question.data.person}</SectionTitle>
          <Explanation key={JSON.stringify(question.data)} input={question.data} />
        </section>
      )}
      {given.channel !== undefined && (
        <section className="mt-10">
          <SectionTitle className="mb-5">On this channel</SectionTitle>
          <HearerList key={given.channel} channel={given.channel} />
        </section>
      )}
    </>
  );
}
