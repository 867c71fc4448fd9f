import type { Metadata } from "next";
import { KeysConsole } from "@/features/admin/keys/components/keys-console.tsx";

export const metadata: Metadata = { title: "Keys" };

export default function KeysPage() {
  return (
    <>
      <h1 className="mb-2 font-serif text-3xl font-medium tracking-tight">Broker keys</h1>
      <p className="mb-6 max-w-[60ch] font-serif text-lg text-ink-soft">
        To rotate keys, add an app, make it current, then retire the old app. Open pages keep
        receiving updates. The broker signs each app’s webhooks with that app’s secret.
      </p>
      <KeysConsole />
    </>
  );
}
