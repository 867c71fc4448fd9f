import { channelTitle, channelWords } from "@/lib/text/channel-words.ts";
import { missingNames, type NamedType, type Names, splitAtIds } from "@/lib/text/names.ts";
import { CopyButton } from "../forms/copy-button.tsx";
import { Link } from "../link.tsx";

interface IdNameProps {
  readonly id: string;
  readonly names: Names;
  /** The type of the row, if known. Default unknown. */
  readonly type?: NamedType;
}

/** The name of a row, linked to its page. The id is in the tooltip and can be copied. */
export function IdName({ id, names, type }: IdNameProps) {
  const named = names[id.toLowerCase()];
  const label = named?.label ?? missingNames[type ?? "unknown"];
  return (
    <>
      {named === undefined ? (
        <span title={id} className="text-ink-soft italic">
          {label}
        </span>
      ) : (
        <Link href={named.href} title={id} className="text-link break-words">
          {label}
        </Link>
      )}
      <CopyButton text={id} what={`the id of ${label}`} />
    </>
  );
}

/** A channel in words. Its full name is in the tooltip and can be copied. */
export function ChannelName({ name, names }: { name: string; names: Names }) {
  const { words, row } = channelWords(name) ?? { words: name };
  if (row === undefined) {
    return (
      <span title={name} className="break-words">
        {words}
      </span>
    );
  }
  const named = names[row.id];
  const title = channelTitle(name, names);
  return (
    <span title={name}>
      {named === undefined ? (
        <span className="text-ink-soft italic">{title}</span>
      ) : (
        <>
          {words}{" "}
          <Link href={named.href} title={name} className="text-link break-words">
            {named.label}
          </Link>
        </>
      )}
      <CopyButton text={name} what={`the name of the channel ${title}`} />
    </span>
  );
}

/** A text with every id replaced by its name. */
export function NamedText({ text, names }: { text: string; names: Names }) {
  const [before = "", id, ...after] = splitAtIds(text);
  if (id === undefined) return before;
  return (
    <>
      {before}
      <IdName id={id} names={names} />
      <NamedText text={after.join("")} names={names} />
    </>
  );
}
