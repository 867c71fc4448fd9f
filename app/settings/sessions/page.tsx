import { dehydrate, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { SessionList } from "@/features/sessions/components/session-list.tsx";
import { listSessions } from "@/features/sessions/list-sessions.ts";
import { sessionsQuery } from "@/features/sessions/queries.ts";
import { auth } from "@/wiring/auth.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "../../page-cursors.ts";
import { SettingsNav } from "../settings-nav.tsx";

export const metadata: Metadata = { title: "Devices" };

export default async function SessionsPage() {
  const { userId, sessionId } = await auth().getViewer();
  if (userId === null || sessionId === null) redirect("/sign-in?next=/settings/sessions");
  const queryClient = new QueryClient();
  await prefetchLive(
    queryClient,
    { ...sessionsQuery(userId), queryFn: () => readAsViewer(listSessions) },
    { cursors: pageCursors() },
  );
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="mb-8 font-serif text-3xl font-medium tracking-tight">Settings</h1>
      <SettingsNav current="sessions" />
      <p className="mt-6 mb-8 max-w-[60ch] font-serif text-lg text-ink-soft">
        The devices where you are signed in. Signing out a device takes effect at once.
      </p>
      <LiveHydration state={dehydrate(queryClient)}>
        <SessionList userId={userId} currentId={sessionId} />
      </LiveHydration>
    </div>
  );
}
