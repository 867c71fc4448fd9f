import type { ReactNode } from "react";
import { longDate } from "@/lib/text/relative-time.ts";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { Link } from "@/ui/link.tsx";
import type { Gist } from "../schema.ts";

/** Title, owner and description; `actions` are those of its owner. */
export function GistHead({ gist, actions }: { gist: Gist; actions?: ReactNode }) {
  const isChanged = gist.updatedAt !== gist.createdAt;
  return (
    <header>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <p className="label-caps text-accent">{gist.isPrivate ? "Gist, only for you" : "Gist"}</p>
        {actions}
      </div>
      <h1 className="mt-3 font-serif text-2xl font-medium tracking-tight sm:text-3xl">
        {gist.title}
      </h1>
      {gist.description !== "" && (
        <p className="mt-4 max-w-[62ch] font-serif text-lg text-ink-soft italic">
          {gist.description}
        </p>
      )}
      <p className="mt-5 text-sm text-ink-faint">
        <Link href={`/people/${gist.owner.handle}`} className="text-link font-semibold text-ink">
          {gist.owner.name}
        </Link>
        {", "}
        <time dateTime={gist.createdAt}>{longDate(Date.parse(gist.createdAt))}</time>
        {isChanged && (
          <>
            , changed <RelativeTime at={gist.updatedAt} />
          </>
        )}
      </p>
    </header>
  );
}
