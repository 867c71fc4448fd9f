import { idsIn, type NamedType, type Names } from "@/lib/text/names.ts";
import { IdName } from "@/ui/data/id-name.tsx";
import { CopyButton } from "@/ui/forms/copy-button.tsx";
import type { SignalRow } from "../schema.ts";

/** Rows that have a page. */
const types: Readonly<Record<string, NamedType>> = {
  commentId: "comment",
  articleId: "article",
  gistId: "gist",
  userId: "person",
  tagId: "tag",
};

/** Rows without a page: they are named by their type, and their id can be copied. */
const words: Readonly<Record<string, string>> = {
  notificationId: "A notification",
  sessionId: "A session",
  reactableId: "A page or a comment",
};

/** The rows of a signal, by name. A signal without ids concerns everything on its channel. */
export function SignalIds({ ids, names }: { ids: SignalRow["ids"]; names: Names }) {
  if (ids === null) return <span className="text-xs text-ink-soft">Anything on the channel</span>;
  return (
    <ul className="text-xs">
      {ids.flatMap((each) =>
        Object.entries(each).map(([name, id]) => (
          <li key={`${name} ${id}`}>
            <SignalId name={name} id={id} names={names} />
          </li>
        )),
      )}
    </ul>
  );
}

function SignalId({ name, id, names }: { name: string; id: string; names: Names }) {
  const type = types[name];
  if (type !== undefined || names[id] !== undefined) {
    return <IdName id={id} names={names} {...(type && { type })} />;
  }
  const label = words[name];
  if (label === undefined && idsIn(id).length === 0) return `${name} ${id}`;
  return (
    <>
      <span title={id}>{label ?? name}</span>
      <CopyButton text={id} what={`the id of ${label ?? name}`} />
    </>
  );
}
