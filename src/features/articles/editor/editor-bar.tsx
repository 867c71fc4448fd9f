import { count, readingMinutes } from "@/lib/text/text.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Button, buttonStyle } from "@/ui/forms/button.tsx";
import type { DraftSaver, DraftSnapshot } from "./draft-saver.ts";
import { SaveLine } from "./save-line.tsx";
import { countWords } from "./text.ts";
import type { Publishing } from "./use-publishing.ts";

interface EditorBarProps {
  readonly articleId: string;
  readonly snapshot: DraftSnapshot;
  readonly saver: DraftSaver;
  readonly publishing: Publishing;
  readonly isPreviewing: boolean;
  readonly onPreview: (isPreviewing: boolean) => void;
}

/** The bar above the text: whether it is saved, its length, and the buttons that save and publish it. */
export function EditorBar({
  articleId,
  snapshot,
  saver,
  publishing,
  isPreviewing,
  onPreview,
}: EditorBarProps) {
  const { text, version, state } = snapshot;
  const { status, isRunning } = publishing;
  const isPublished = status === "published";
  const isUnsaved = state.kind !== "saved";
  return (
    <div className="sticky top-17 z-20 -mx-2 mb-6 flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-rule bg-paper px-2 py-2.5">
      <SaveLine state={state} isNew={version === null} isPublished={isPublished} />
      <p className="text-xs text-ink-faint">
        {count(countWords(text.body), "word")}, {readingMinutes(text.body.length)} min
      </p>
      <div className="flex flex-wrap items-center justify-end gap-3 max-sm:basis-full">
        <Button
          look="quiet"
          size="sm"
          className="lg:hidden"
          aria-pressed={isPreviewing}
          onClick={() => onPreview(!isPreviewing)}
        >
          {isPreviewing ? "Write" : "Preview"}
        </Button>
        {version !== null && (
          <a
            href={`/write/${articleId}/preview`}
            target="_blank"
            rel="noreferrer"
            className={buttonStyle({ look: "bare", size: "sm" })}
          >
            Open preview<span className="sr-only"> in a new tab</span>
          </a>
        )}
        {isPublished ? (
          <>
            <ActionButton
              look="bare"
              size="sm"
              aria-disabled={isRunning}
              onClick={publishing.unpublish}
            >
              Unpublish
            </ActionButton>
            <ActionButton
              size="sm"
              aria-disabled={isRunning || !isUnsaved}
              onClick={() => isUnsaved && publishing.update()}
            >
              Update
            </ActionButton>
          </>
        ) : (
          <>
            <ActionButton look="bare" size="sm" onClick={() => void saver.save()}>
              Save
            </ActionButton>
            <ActionButton size="sm" aria-disabled={isRunning} onClick={publishing.publish}>
              {isRunning ? "Publishing…" : "Publish"}
            </ActionButton>
          </>
        )}
      </div>
    </div>
  );
}
