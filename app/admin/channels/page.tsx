import type { Metadata } from "next";
import { RolloutConsole } from "@/features/admin/channels/components/rollout-console.tsx";

export const metadata: Metadata = { title: "Channels" };

export default function ChannelsPage() {
  return (
    <>
      <h1 className="mb-2 font-serif text-3xl font-medium tracking-tight">Channels</h1>
      <p className="mb-4 text-sm text-ink-soft">
        A change takes effect on every server and open page within seconds. It never gives access to
        more than a person may read.
      </p>
      <RolloutConsole />
    </>
  );
}
