import { longDate } from "@/lib/text/relative-time.ts";
import { Monogram } from "@/ui/monogram.tsx";
import type { Person } from "../schema.ts";

/** The head of a profile: name, handle and bio. */
export function PersonHead({ person }: { person: Person }) {
  return (
    <header className="flex items-start gap-5">
      <Monogram name={person.name} className="size-16 text-xl" />
      <div className="min-w-0">
        <h1 className="font-serif text-2xl font-medium tracking-tight">{person.name}</h1>
        <p className="text-ink-faint">
          @{person.handle} · here since {longDate(Date.parse(person.joinedAt))}
        </p>
        {person.bio !== "" && (
          <p className="mt-3 max-w-[60ch] font-serif text-lg text-ink-soft">{person.bio}</p>
        )}
      </div>
    </header>
  );
}
