import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { auth } from "@/wiring/auth.ts";
import { AdminNav } from "./admin-nav.tsx";

export const metadata: Metadata = { title: { default: "Admin", template: "%s · Admin · Inkwell" } };

/** Answers 404 to viewers who are not admins. Each query and action checks the role again. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  const { role } = await auth().getViewer();
  if (role !== "admin") notFound();
  return (
    <>
      <AdminNav />
      <div className="mt-6">{children}</div>
    </>
  );
}
