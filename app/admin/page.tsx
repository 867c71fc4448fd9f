import { HourChart } from "@/features/admin/signals/components/hour-chart.tsx";
import { LogFigures } from "@/features/admin/signals/components/log-figures.tsx";
import { PoisonedList } from "@/features/admin/signals/components/poisoned-list.tsx";
import { SparedReads } from "@/features/admin/signals/components/spared-reads.tsx";

const ink = "var(--color-ink)";
const accent = "var(--color-accent)";

export default function AdminPage() {
  return (
    <>
      <h1 className="mb-6 font-serif text-3xl font-medium tracking-tight">Overview</h1>
      <LogFigures />
      <PoisonedList />
      <div className="mt-10 grid gap-x-12 gap-y-10 lg:grid-cols-2">
        <HourChart
          title="Signals per minute"
          series={[
            { key: "signals", name: "Signals", colour: accent },
            { key: "frames", name: "Messages sent", colour: ink, dash: "4 3" },
          ]}
        />
        <HourChart
          title="Time to broker acceptance"
          series={[
            { key: "medianMs", name: "Median, ms", colour: accent },
            { key: "p95Ms", name: "95th percentile, ms", colour: ink, dash: "4 3" },
          ]}
        />
        <SparedReads />
      </div>
    </>
  );
}
