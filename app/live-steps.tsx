import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { Link } from "@/ui/link.tsx";

/** Instructions for a first visitor to see live updates, on a site with demo accounts. */
export function LiveSteps() {
  return (
    <section className="mb-12">
      <SectionTitle className="border-t-0 pt-0">See it live</SectionTitle>
      <ol className="mt-4 list-decimal space-y-2 pl-5 text-sm text-ink-soft">
        <li>Open this site in a second, private window.</li>
        <li>
          <Link href="/sign-in" className="text-link font-semibold">
            Sign in
          </Link>{" "}
          as reader in one window and as author in the other, with one click each.
        </li>
        <li>
          Open the same article in both and post a comment. It appears in the other window without a
          reload.
        </li>
      </ol>
    </section>
  );
}
