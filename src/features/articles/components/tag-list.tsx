import { Link } from "@/ui/link.tsx";
import type { TagLink } from "../schema.ts";

/** The tags of an article on one line. */
export function TagList({ tags }: { tags: readonly TagLink[] }) {
  return (
    <ul className="inline-flex flex-wrap gap-y-1" aria-label="Tags">
      {tags.map((tag) => (
        <li
          key={tag.slug}
          className="not-last:after:mx-1.5 not-last:after:text-ink-faint not-last:after:content-['/']"
        >
          <Link href={`/tags/${tag.slug}`} className="text-link decoration-transparent">
            {tag.name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
