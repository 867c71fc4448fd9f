import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { Link } from "@/ui/link.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import type { Tag } from "../schema.ts";

interface TagIndexProps {
  readonly title?: string;
  readonly tags: readonly Tag[];
  /** Slug of the tag of this page. */
  readonly current?: string;
}

/** Tags with the number of their articles, in the style of a printed index. */
export function TagIndex({ title = "Tags", tags, current }: TagIndexProps) {
  return (
    <nav aria-labelledby="tag-index">
      <SectionTitle id="tag-index" className="lg:border-t-0 lg:pt-0">
        {title}
      </SectionTitle>
      <ul className="mt-3 gap-x-8 sm:max-lg:columns-2">
        {tags.map((tag) => (
          <li key={tag.id}>
            <Link
              href={`/tags/${tag.slug}`}
              aria-current={tag.slug === current ? "page" : undefined}
              className="leaders py-1 font-serif text-base hover:text-accent aria-[current=page]:font-semibold aria-[current=page]:text-accent"
            >
              <span>
                {tag.name}
                <LinkHint />
              </span>
              <span className="font-sans text-xs text-ink-faint">
                {tag.articleCount}
                <span className="sr-only"> articles</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
