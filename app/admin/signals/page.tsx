import type { Metadata } from "next";
import { LogFigures } from "@/features/admin/signals/components/log-figures.tsx";
import { PoisonedList } from "@/features/admin/signals/components/poisoned-list.tsx";
import { SignalList } from "@/features/admin/signals/components/signal-list.tsx";
import { SkippedList } from "@/features/admin/signals/components/skipped-list.tsx";
import { signalFilter } from "@/features/admin/signals/schema.ts";
import { FilterForm } from "@/ui/forms/filter-form.tsx";
import { Notice } from "@/ui/notice.tsx";
import { readParams, type SearchParams } from "../../search-params.ts";

export const metadata: Metadata = { title: "Signals" };

export default async function SignalsPage({ searchParams }: { searchParams: SearchParams }) {
  const given = await readParams(searchParams);
  const filter = signalFilter.safeParse(given);
  return (
    <>
      <h1 className="mb-6 font-serif text-3xl font-medium tracking-tight">Signals</h1>
      <LogFigures />
      <PoisonedList />
      <SkippedList />
      <section aria-label="The log" className="mt-10">
        <FilterForm
          action="/admin/signals"
          values={given}
          fields={[
            { name: "channel", label: "Channel", hint: "e.g. user.* or a full name" },
            { name: "name", label: "Signal", hint: "comment.created" },
            {
              name: "minutes",
              label: "Time",
              choices: [
                { value: "", label: "Any time" },
                { value: "5", label: "Last 5 minutes" },
                { value: "60", label: "Last hour" },
                { value: "1440", label: "Last day" },
              ],
            },
          ]}
        />
        {filter.success ? (
          <SignalList key={JSON.stringify(filter.data)} filter={filter.data} />
        ) : (
          <Notice className="mt-6">{filter.error.issues[0]?.message}</Notice>
        )}
      </section>
    </>
  );
}
