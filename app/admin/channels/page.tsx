import type { Metadata } from "next";
import { RolloutConsole } from "@/features/rollout/components/rollout-console.tsx";

export const metadata: Metadata = { title: "Channels" };

export default function ChannelsPage() {
  return (
    <>
      <h1 className="mb-2 font-serif text-3xl font-medium tracking-tight">Channels</h1>
      <p className="mb-8 max-w-[60ch] font-serif text-lg text-ink-soft">
        What is switched on, for whom. Changes reach every server and every open page within
        seconds. Nothing here lets anybody hear what they may not read.
      </p>
      <RolloutConsole />
    </>
  );
}
