import type { Metadata } from "next";
import { KeysConsole } from "@/features/broker-keys/components/keys-console.tsx";

export const metadata: Metadata = { title: "Keys" };

export default function KeysPage() {
  return (
    <>
      <h1 className="mb-2 font-serif text-3xl font-medium tracking-tight">Keys of the broker</h1>
      <p className="mb-6 max-w-[60ch] font-serif text-lg text-ink-soft">
        Add an app, make it the current one, and retire the old one when you like: open pages stay
        connected all the while, and miss nothing. Webhooks are signed with the secret of their app,
        and change with it.
      </p>
      <KeysConsole />
    </>
  );
}
