import { AppError, type FieldErrors } from "@/lib/errors/app-error.ts";
import type { ArticleText, SavedArticle } from "../write/draft-schema.ts";
import { createSaveSchedule } from "./save-schedule.ts";
import { isSameText } from "./text.ts";

export type SaveState =
  | { readonly kind: "saved" }
  | { readonly kind: "unsaved" }
  | { readonly kind: "saving" }
  /** The text is not on the server; `retries` when saving is retried automatically. */
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly fieldErrors: FieldErrors;
      readonly retries: boolean;
    }
  /** The server has a newer text, and this one has changes too. */
  | { readonly kind: "conflict"; readonly theirs: Theirs | null };

/** The text on the server, as far as known. */
export interface Theirs {
  readonly text: ArticleText;
  readonly version: string;
}

export interface DraftSnapshot {
  readonly text: ArticleText;
  /** The version that the text is based on; null before the first save. */
  readonly version: string | null;
  readonly state: SaveState;
  /** The requested slug, when another article has it. */
  readonly takenSlug: string | null;
}

export interface DraftSaverOptions {
  readonly text: ArticleText;
  readonly version: string | null;
  readonly save: (text: ArticleText, basedOn: string | null) => Promise<SavedArticle>;
  /** Stores a copy in this browser until the server has the text; null removes it. */
  readonly keep: (copy: { text: ArticleText; basedOn: string | null } | null) => void;
  /** Whether to save automatically. Published articles are saved on request only. */
  readonly autosaves: boolean;
}

export interface DraftSaver {
  getSnapshot(): DraftSnapshot;
  subscribe(listener: () => void): () => void;
  change(patch: Partial<ArticleText>): void;
  /** Saves pending changes. True when the server has all of them. */
  save(): Promise<boolean>;
  /**
   * Reports the text on the server. It replaces a text without changes. One that this saver sent is the base of
   * further changes. Any other is a conflict.
   */
  received(theirs: Theirs): void;
  /** Continues with a copy from this browser. */
  restore(copy: { text: ArticleText; basedOn: string | null }): void;
  keepMine(): Promise<boolean>;
  takeTheirs(): void;
  setAutosaves(autosaves: boolean): void;
  /** Stops automatic saves. */
  stop(): void;
}

/** Bound of the texts that are kept to recognise them. */
const mostUnconfirmed = 10;

/** Saves a text to the server, one request at a time, and tracks unsaved changes. */
export function createDraftSaver(options: DraftSaverOptions): DraftSaver {
  const listeners = new Set<() => void>();
  let { autosaves } = options;
  let saved: ArticleText | null = options.version === null ? null : options.text;
  let snapshot = firstSnapshot(options);
  let running: Promise<boolean> | null = null;
  let receivedWhileSaving: Theirs | null = null;
  /** Texts whose saves failed since the last one that succeeded. An answer can be lost after the text was saved. */
  let unconfirmed: readonly ArticleText[] = [];

  const update = (patch: Partial<DraftSnapshot>) => {
    snapshot = { ...snapshot, ...patch };
    for (const listener of listeners) listener();
  };
  const isChanged = () => !isSameText(snapshot.text, saved ?? options.text);
  const schedule = createSaveSchedule(() => autosaves, save);

  function change(patch: Partial<ArticleText>): void {
    const text = { ...snapshot.text, ...patch };
    const { state } = snapshot;
    update({ text });
    options.keep(isChanged() ? { text, basedOn: snapshot.version } : null);
    if (state.kind === "conflict" || state.kind === "saving") return;
    update({ state: { kind: isChanged() ? "unsaved" : "saved" } });
    if (isChanged()) schedule.changed();
    else schedule.cancel();
  }

  async function save(): Promise<boolean> {
    schedule.cancel();
    if (running !== null) {
      await running;
      return save();
    }
    if (snapshot.state.kind === "conflict") return false;
    if (!isChanged() && snapshot.version !== null) return true;
    running = send(snapshot.text);
    const isSaved = await running;
    running = null;
    const missed = receivedWhileSaving;
    receivedWhileSaving = null;
    if (missed !== null) received(missed);
    return isSaved;
  }

  async function send(text: ArticleText): Promise<boolean> {
    update({ state: { kind: "saving" } });
    try {
      const { version, isSlugTaken } = await options.save(text, snapshot.version);
      saved = text;
      unconfirmed = [];
      schedule.succeeded();
      update({ version, takenSlug: isSlugTaken ? text.slug : null });
    } catch (error) {
      const state = failureOf(error, autosaves);
      if (!unconfirmed.includes(text)) unconfirmed = [...unconfirmed, text].slice(-mostUnconfirmed);
      update({ state });
      if (state.kind === "failed" && state.retries) schedule.failed();
      return false;
    }
    options.keep(isChanged() ? { text: snapshot.text, basedOn: snapshot.version } : null);
    update({ state: { kind: isChanged() ? "unsaved" : "saved" } });
    if (isChanged()) schedule.changed();
    return true;
  }

  function received(theirs: Theirs): void {
    if (running !== null) {
      receivedWhileSaving = theirs;
      return;
    }
    const { state, version } = snapshot;
    // In a conflict any version is taken, since the server is ahead and its text was requested.
    if (state.kind !== "conflict" && (version === null || theirs.version <= version)) return;
    const isOwn = [snapshot.text, ...unconfirmed].some((own) => isSameText(own, theirs.text));
    if (isOwn) continueFrom(theirs);
    else if (isChanged()) {
      schedule.cancel();
      update({ state: { kind: "conflict", theirs } });
    } else adopt(theirs);
  }

  function continueFrom({ text, version }: Theirs): void {
    saved = text;
    unconfirmed = [];
    update({ version, state: { kind: "unsaved" } });
    change({});
  }

  function adopt({ text, version }: Theirs): void {
    schedule.cancel();
    saved = text;
    unconfirmed = [];
    options.keep(null);
    update({ text, version, takenSlug: null, state: { kind: "saved" } });
  }

  return {
    getSnapshot: () => snapshot,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change,
    save,
    received,
    restore: ({ text, basedOn }) => {
      const { version } = snapshot;
      const theirs = version === null ? null : { text: snapshot.text, version };
      if (theirs !== null && basedOn !== version) {
        update({ text, state: { kind: "conflict", theirs } });
      } else change(text);
    },
    keepMine: () => {
      const theirs = theirsOf(snapshot.state);
      if (theirs === null) return Promise.resolve(false);
      saved = theirs.text;
      update({ version: theirs.version, state: { kind: "unsaved" } });
      return save();
    },
    takeTheirs: () => {
      const theirs = theirsOf(snapshot.state);
      if (theirs !== null) adopt(theirs);
    },
    setAutosaves: (next) => {
      autosaves = next;
      if (!next) schedule.cancel();
      else if (isChanged()) schedule.changed();
    },
    stop: () => schedule.cancel(),
  };
}

function firstSnapshot({ text, version }: DraftSaverOptions): DraftSnapshot {
  return { text, version, takenSlug: null, state: { kind: "saved" } };
}

/** The text on the server in a conflict, when it is known. */
function theirsOf(state: SaveState): Theirs | null {
  return state.kind === "conflict" ? state.theirs : null;
}

const internal = {
  code: "internal",
  message: "The server failed. Try again in a moment.",
  fieldErrors: {},
} as const;
const retriedCodes: readonly string[] = ["unavailable", "internal", "too_many_requests"];

/** The state after saving has failed with this error. */
function failureOf(error: unknown, autosaves: boolean): SaveState {
  const { code, message, fieldErrors } = error instanceof AppError ? error : internal;
  if (code === "conflict") return { kind: "conflict", theirs: null };
  return {
    kind: "failed",
    message,
    fieldErrors,
    retries: autosaves && retriedCodes.includes(code),
  };
}
