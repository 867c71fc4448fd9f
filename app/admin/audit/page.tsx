import type { Metadata } from "next";
import { AuditList } from "@/features/admin/audit/components/audit-list.tsx";
import { auditFilter } from "@/features/admin/audit/schema.ts";
import { FilterForm } from "@/ui/forms/filter-form.tsx";
import { Notice } from "@/ui/notice.tsx";
import { readParams, type SearchParams } from "../../search-params.ts";

export const metadata: Metadata = { title: "Audit" };

export default async function AuditPage({ searchParams }: { searchParams: SearchParams }) {
  const given = await readParams(searchParams);
  const filter = auditFilter.safeParse(given);
  return (
    <>
      <h1 className="mb-2 font-serif text-3xl font-medium tracking-tight">Audit</h1>
      <p className="mb-6 max-w-[60ch] font-serif text-lg text-ink-soft">
        Changes made by admins, and refused channel joins. Entries cannot be edited or deleted.
      </p>
      <FilterForm
        action="/admin/audit"
        values={given}
        fields={[
          { name: "action", label: "Event", hint: "e.g. user.banned" },
          { name: "subject", label: "Target", hint: "name or ID" },
          { name: "actor", label: "Person", hint: "handle" },
          { name: "from", label: "From", type: "date" },
          { name: "to", label: "To", type: "date" },
          { name: "before", label: "Before entry", type: "number" },
        ]}
      />
      {filter.success ? (
        <AuditList key={JSON.stringify(filter.data)} filter={filter.data} />
      ) : (
        <Notice className="mt-6">{filter.error.issues[0]?.message}</Notice>
      )}
    </>
  );
}
