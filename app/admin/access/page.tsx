import type { Metadata } from "next";
import { Explanation } from "@/features/admin/access/components/explanation.tsx";
import { SubscriberList } from "@/features/admin/access/components/subscriber-list.tsx";
import { explainInput, subscribersInput } from "@/features/admin/access/schema.ts";
import { FilterForm } from "@/ui/forms/filter-form.tsx";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { Notice } from "@/ui/notice.tsx";
import { readParams, type SearchParams } from "../../search-params.ts";

export const metadata: Metadata = { title: "Check access" };

export default async function AccessPage({ searchParams }: { searchParams: SearchParams }) {
  const given = await readParams(searchParams);
  const channel = subscribersInput.safeParse(given);
  const question = explainInput.safeParse(given);
  const issues = given.person === undefined ? channel.error?.issues : question.error?.issues;
  const isAsked = given.channel !== undefined || given.person !== undefined;
  return (
    <>
      <h1 className="mb-2 font-serif text-3xl font-medium tracking-tight">Check access</h1>
      <p className="mb-6 max-w-[60ch] font-serif text-lg text-ink-soft">
        Checks whether a person may receive the signals of a channel. The check runs the same rule
        as joining. It also lists who is on the channel now.
      </p>
      <FilterForm
        action="/admin/access"
        values={given}
        fields={[
          { name: "channel", label: "Channel", hint: "resource.article.<id>" },
          { name: "person", label: "Person", hint: "handle" },
        ]}
      />
      {isAsked && issues?.[0] && <Notice className="mt-6">{issues[0].message}</Notice>}
      {question.success && (
        <section className="mt-10">
          <SectionTitle className="mb-5">@{question.data.person.replace(/^@/, "")}</SectionTitle>
          <Explanation key={JSON.stringify(question.data)} input={question.data} />
        </section>
      )}
      {channel.success && (
        <section className="mt-10">
          <SectionTitle className="mb-5">On this channel</SectionTitle>
          <SubscriberList key={channel.data.channel} channel={channel.data.channel} />
        </section>
      )}
    </>
  );
}
