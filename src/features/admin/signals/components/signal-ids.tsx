import type { Names } from "@/lib/text/names.ts";
import { IdName } from "@/ui/data/id-name.tsx";
import { CopyButton } from "@/ui/forms/copy-button.tsx";
import type { SignalRow } from "../schema.ts";
import { idWords } from "./id-words.ts";

/** Ids that are shown at once, so that a signal stays about as high as others. */
const idsAtOnce = 3;

interface SignalIdsProps {
  readonly ids: SignalRow["ids"];
  readonly names: Names;
}

/** The rows of a signal, by name. A signal without ids concerns everything on its channel. */
export function SignalIds({ ids, names }: SignalIdsProps) {
  if (ids === null) return <span className="text-xs text-ink-soft">Anything on the channel</span>;
  const each = ids.flatMap((row) => Object.entries(row));
  // One more than fits is shown as well: it takes the place of the line that would hide it.
  const shown = each.length <= idsAtOnce + 1 ? each.length : idsAtOnce;
  return (
    <div className="text-xs">
      <IdList ids={each.slice(0, shown)} names={names} />
      {shown < each.length && (
        <details>
          <summary className="text-ink-soft">{each.length - shown} more</summary>
          <IdList ids={each.slice(shown)} names={names} />
        </details>
      )}
    </div>
  );
}

interface IdListProps {
  readonly ids: readonly (readonly [name: string, id: string])[];
  readonly names: Names;
}

function IdList({ ids, names }: IdListProps) {
  return (
    <ul>
      {ids.map(([name, id]) => (
        <li key={`${name} ${id}`}>
          <SignalId name={name} id={id} names={names} />
        </li>
      ))}
    </ul>
  );
}

function SignalId({ name, id, names }: { name: string; id: string; names: Names }) {
  const known = idWords(name, id) ?? { words: `${name} ${id}` };
  if ("type" in known) return <IdName id={id} names={names} type={known.type} />;
  if (names[id] !== undefined) return <IdName id={id} names={names} />;
  return (
    <>
      <span title={id}>{known.words}</span>
      <CopyButton text={id} what={`the id of ${known.words}`} />
    </>
  );
}
