import type { Metadata } from "next";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFound() {
  return (
    <EmptyState
      isPage
      title="Page not found"
      action={
        <Link href="/" className={buttonStyle()}>
          Read the latest articles
        </Link>
      }
    >
      The page may have moved, or been deleted, or made private. Check the URL for typing errors.
    </EmptyState>
  );
}
