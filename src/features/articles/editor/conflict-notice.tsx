import { Button } from "@/ui/forms/button.tsx";
import { Notice } from "@/ui/notice.tsx";
import type { ArticleText } from "../write/draft-schema.ts";
import type { Theirs } from "./draft-saver.ts";
import { countWords } from "./text.ts";

interface ConflictNoticeProps {
  readonly mine: ArticleText;
  /** Null while it is loading. */
  readonly theirs: Theirs | null;
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
}

const clock = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** Shows that two versions exist, and lets the author choose one. */
export function ConflictNotice({ mine, theirs, onKeepMine, onTakeTheirs }: ConflictNoticeProps) {
  return (
    <Notice className="mb-6">
      <p className="font-semibold">
        This article was saved in another tab or on another device while you changed it here.
      </p>
      {theirs === null ? (
        <p className="mt-1">Loading the other version…</p>
      ) : (
        <>
          <p className="mt-1">
            The other one is from {clock.format(Date.parse(theirs.version))} and has{" "}
            {words(theirs.text)}; yours has {words(mine)}. Nothing is saved until you choose.
          </p>
          <div className="mt-3 flex flex-wrap gap-3">
            <Button size="sm" onClick={onKeepMine}>
              Use my version
            </Button>
            <Button size="sm" look="quiet" onClick={onTakeTheirs}>
              Use the other version
            </Button>
          </div>
        </>
      )}
    </Notice>
  );
}

const words = ({ body }: ArticleText) => `${countWords(body).toLocaleString("en")} words`;
