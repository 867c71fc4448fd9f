import { stateWords } from "@/lib/publications/process.ts";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { Link } from "@/ui/link.tsx";
import type { TimelineEvent } from "../schema.ts";

/** The steps of a submission, the first one first. */
export function Timeline({ events }: { events: readonly TimelineEvent[] }) {
  return (
    <ol className="mt-4 space-y-4 border-l border-rule pl-5">
      {events.map(({ id, actor, toState, note, at }) => (
        <li
          key={id}
          className="relative before:absolute before:top-1.5 before:-left-[1.6rem] before:size-2.5 before:rounded-full before:bg-accent"
        >
          <p className="text-sm">
            <span className="font-semibold">{stateWords[toState]}</span>{" "}
            <span className="text-ink-soft">
              {actor === null ? (
                "by the schedule"
              ) : (
                <>
                  by{" "}
                  <Link href={`/people/${actor.handle}`} className="text-link">
                    {actor.name}
                  </Link>
                </>
              )}
              , <RelativeTime at={at} />
            </span>
          </p>
          {note !== "" && (
            <p className="mt-1 max-w-[60ch] border-l border-rule pl-3 font-serif text-base whitespace-pre-line text-ink-soft italic">
              {note}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
