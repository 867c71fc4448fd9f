"use client";

import { usePathname } from "next/navigation";
import { Choices } from "@/ui/forms/choices.tsx";

const parts = [
  { href: "/admin", label: "Overview" },
  { href: "/admin/channels", label: "Channels" },
  { href: "/admin/access", label: "Check access" },
  { href: "/admin/signals", label: "Signals" },
  { href: "/admin/people", label: "People" },
  { href: "/admin/announcements", label: "Announcements" },
  { href: "/admin/keys", label: "Keys" },
  { href: "/admin/activity", label: "Activity" },
  { href: "/admin/audit", label: "Audit" },
];

export function AdminNav() {
  const path = usePathname();
  return (
    <Choices
      label="Admin console"
      className="-mt-6 border-t-0 pt-0 sm:-mt-10"
      choices={parts.map((part) => ({ ...part, isCurrent: part.href === path }))}
    />
  );
}
