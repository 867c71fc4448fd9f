import type { Metadata } from "next";
import { AnnouncementConsole } from "@/features/admin/announcements/components/announcement-console.tsx";

export const metadata: Metadata = { title: "Announcements" };

export default function AnnouncementsPage() {
  return (
    <>
      <h1 className="mb-2 font-serif text-3xl font-medium tracking-tight">Announcements</h1>
      <p className="mb-6 max-w-[60ch] font-serif text-lg text-ink-soft">
        An announcement is shown on every page, also to signed-out readers, until its end. A new one
        replaces the one in force. Each change is recorded in the audit log.
      </p>
      <AnnouncementConsole />
    </>
  );
}
