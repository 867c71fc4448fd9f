import type { Metadata } from "next";
import Link from "next/link";
import { buttonStyle } from "@/ui/button.tsx";
import { EmptyState } from "@/ui/empty-state.tsx";

export const metadata: Metadata = { title: "Not here" };

export default function NotFound() {
  return (
    <EmptyState
      isPage
      title="This page is not here"
      action={
        <Link href="/" className={buttonStyle()}>
          To the latest articles
        </Link>
      }
    >
      It may have moved, been taken down, or be somebody’s own. The address may also have a slip of
      the pen in it.
    </EmptyState>
  );
}
