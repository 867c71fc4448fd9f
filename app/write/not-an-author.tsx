import { EmptyState } from "@/ui/data/empty-state.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";

/** In place of pages for authors, for readers. */
export function NotAnAuthor() {
  return (
    <EmptyState
      isPage
      title="Only authors can write articles"
      action={
        <Link href="/" className={buttonStyle()}>
          Read the latest articles
        </Link>
      }
    >
      You can read, comment and create gists. To write articles, ask an admin to make you an author.
    </EmptyState>
  );
}
