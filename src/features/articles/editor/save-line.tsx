import type { SaveState } from "./draft-saver.ts";

interface SaveLineProps {
  readonly state: SaveState;
  readonly isNew: boolean;
  readonly isPublished: boolean;
}

/** Save state in a few words. It is not a live region, since it changes with every pause. */
export function SaveLine({ state, isNew, isPublished }: SaveLineProps) {
  return (
    <p className="min-w-0 flex-1 text-sm text-ink-soft" data-save-state={state.kind}>
      {wordsFor(state, isNew, isPublished)}
    </p>
  );
}

function wordsFor(state: SaveState, isNew: boolean, isPublished: boolean): string {
  switch (state.kind) {
    case "saved":
      if (isNew) return "Saves automatically";
      return isPublished ? "Published" : "Saved";
    case "unsaved":
      return isPublished ? "Unpublished changes" : "Unsaved changes";
    case "saving":
      return "Saving…";
    case "failed":
      return `Not saved: ${state.message}`;
    case "conflict":
      return "Not saved: a newer version exists";
  }
}
