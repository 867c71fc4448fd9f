import type { Metadata } from "next";
import { SignalTrace } from "@/features/admin/signals/components/signal-trace.tsx";
import { traceInput } from "@/features/admin/signals/schema.ts";
import { Link } from "@/ui/link.tsx";
import { Notice } from "@/ui/notice.tsx";
import { readParams, type SearchParams } from "../../../search-params.ts";

export const metadata: Metadata = { title: "Signal trace" };

export default async function TracePage({ searchParams }: { searchParams: SearchParams }) {
  const input = traceInput.safeParse(await readParams(searchParams));
  return (
    <>
      <p className="mb-2 text-sm">
        <Link href="/admin/signals" className="text-link">
          Signals
        </Link>
      </p>
      <h1 className="mb-6 font-serif text-3xl font-medium tracking-tight">Signal trace</h1>
      {input.success ? (
        <SignalTrace place={input.data.place} />
      ) : (
        <Notice>{input.error.issues[0]?.message}</Notice>
      )}
    </>
  );
}
