import type { Metadata } from "next";
import { ActivityList } from "@/features/admin/activity/components/activity-list.tsx";
import { Link } from "@/ui/link.tsx";

export const metadata: Metadata = { title: "Activity" };

export default function ActivityPage() {
  return (
    <>
      <h1 className="mb-2 font-serif text-3xl font-medium tracking-tight">Activity</h1>
      <p className="mb-6 max-w-[60ch] font-serif text-lg text-ink-soft">
        The last 20 actions of admins and sign-ups of the last 24 hours, as far as the server
        process that answers has them in memory. They are gone when it ends. The{" "}
        <Link href="/admin/audit" className="text-link">
          audit log
        </Link>{" "}
        has all actions of admins.
      </p>
      <ActivityList />
    </>
  );
}
