import { AppError, type FieldErrors } from "@/lib/app-error.ts";
import type { ArticleText, SavedArticle } from "../draft-schema.ts";
import { isSameText } from "./text.ts";

export type SaveState =
  | { readonly kind: "saved" }
  | { readonly kind: "unsaved" }
  | { readonly kind: "saving" }
  /** What is here is not on the server; `retries` when it is tried again by itself. */
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly fieldErrors: FieldErrors;
      readonly retries: boolean;
    }
  /** The server has a newer text, and the one here has changes of its own. */
  | { readonly kind: "conflict"; readonly theirs: Theirs | null };

/** What the server has, as far as it is known. */
export interface Theirs {
  readonly text: ArticleText;
  readonly version: string;
}

export interface DraftSnapshot {
  readonly text: ArticleText;
  /** The version the text is based on; null while nothing is saved. */
  readonly version: string | null;
  readonly state: SaveState;
  /** The address that was asked for and is another article's. */
  readonly takenSlug: string | null;
}

export interface DraftSaverOptions {
  readonly text: ArticleText;
  readonly version: string | null;
  readonly save: (text: ArticleText, basedOn: string | null) => Promise<SavedArticle>;
  /** Keeps a copy in this browser until the server has the text; null when it has. */
  readonly keep: (copy: { text: ArticleText; basedOn: string | null } | null) => void;
  /** Whether to save a moment after each change. What is published changes only when its author says so. */
  readonly autosaves: boolean;
}

export interface DraftSaver {
  getSnapshot(): DraftSnapshot;
  subscribe(listener: () => void): () => void;
  change(patch: Partial<ArticleText>): void;
  /** Saves what is not saved yet. True when the server has all of it. */
  save(): Promise<boolean>;
  /** Says what the server has: taken over where nothing is lost by it, else a conflict. */
  heard(theirs: Theirs): void;
  /** Goes on with a text that was kept in this browser. */
  restore(copy: { text: ArticleText; basedOn: string | null }): void;
  keepMine(): Promise<boolean>;
  takeTheirs(): void;
  setAutosaves(autosaves: boolean): void;
  /** Saves no more by itself. */
  stop(): void;
}

/** Long enough to end a word, short enough to lose none. */
const pauseMs = 1_200;
/** Also while somebody types without a pause. */
const longestWaitMs = 10_000;
const firstRetryMs = 3_000;
const longestRetryMs = 60_000;

/** Brings what is written to the server, one save after the other, and knows when it is not there. */
export function createDraftSaver(options: DraftSaverOptions): DraftSaver {
  const listeners = new Set<() => void>();
  let { autosaves } = options;
  let saved: ArticleText | null = options.version === null ? null : options.text;
  let snapshot: DraftSnapshot = {
    ...{ text: options.text, version: options.version, takenSlug: null },
    state: { kind: "saved" },
  };
  let running: Promise<boolean> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let changedAtMs: number | null = null;
  let failures = 0;
  let heardWhileSaving: Theirs | null = null;

  const update = (patch: Partial<DraftSnapshot>) => {
    snapshot = { ...snapshot, ...patch };
    for (const listener of listeners) listener();
  };
  const isChanged = () => !isSameText(snapshot.text, saved ?? options.text);
  const plan = (delayMs: number) => {
    clearTimeout(timer);
    if (autosaves) timer = setTimeout(() => void save(), delayMs);
  };

  function change(patch: Partial<ArticleText>): void {
    const text = { ...snapshot.text, ...patch };
    const { state } = snapshot;
    update({ text });
    options.keep(isChanged() ? { text, basedOn: snapshot.version } : null);
    if (state.kind === "conflict" || state.kind === "saving") return;
    update({ state: { kind: isChanged() ? "unsaved" : "saved" } });
    if (isChanged()) {
      changedAtMs ??= Date.now();
      plan(Math.max(0, Math.min(pauseMs, changedAtMs + longestWaitMs - Date.now())));
    } else {
      changedAtMs = null;
      clearTimeout(timer);
    }
  }

  async function save(): Promise<boolean> {
    clearTimeout(timer);
    if (running !== null) {
      await running;
      return save();
    }
    if (snapshot.state.kind === "conflict") return false;
    if (!isChanged() && snapshot.version !== null) return true;
    running = send(snapshot.text);
    const isSaved = await running;
    running = null;
    const missed = heardWhileSaving;
    heardWhileSaving = null;
    if (missed !== null) heard(missed);
    return isSaved;
  }

  async function send(text: ArticleText): Promise<boolean> {
    changedAtMs = null;
    update({ state: { kind: "saving" } });
    try {
      const { version, isSlugTaken } = await options.save(text, snapshot.version);
      saved = text;
      failures = 0;
      update({ version, takenSlug: isSlugTaken ? text.slug : null });
    } catch (error) {
      fail(error);
      return false;
    }
    options.keep(isChanged() ? { text: snapshot.text, basedOn: snapshot.version } : null);
    update({ state: { kind: isChanged() ? "unsaved" : "saved" } });
    if (isChanged()) plan(pauseMs);
    return true;
  }

  function fail(error: unknown): void {
    const { code, message, fieldErrors } =
      error instanceof AppError
        ? error
        : {
            code: "internal",
            message: "The server failed. Try again in a moment.",
            fieldErrors: {},
          };
    if (code === "conflict") {
      update({ state: { kind: "conflict", theirs: null } });
      return;
    }
    const retries = autosaves && ["unavailable", "internal", "too_many_requests"].includes(code);
    update({ state: { kind: "failed", message, fieldErrors, retries } });
    failures += 1;
    if (retries) plan(Math.min(longestRetryMs, firstRetryMs * 2 ** (failures - 1)));
  }

  function heard(theirs: Theirs): void {
    if (running !== null) {
      heardWhileSaving = theirs;
      return;
    }
    const { state, version } = snapshot;
    // In a conflict the server is ahead anyway, and what it has is what was asked for.
    if (state.kind !== "conflict" && (version === null || theirs.version <= version)) return;
    if (isChanged()) {
      clearTimeout(timer);
      update({ state: { kind: "conflict", theirs } });
    } else adopt(theirs);
  }

  function adopt({ text, version }: Theirs): void {
    clearTimeout(timer);
    saved = text;
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
    heard,
    restore: ({ text, basedOn }) => {
      const { version } = snapshot;
      const theirs = version === null ? null : { text: snapshot.text, version };
      if (theirs !== null && basedOn !== version) {
        update({ text, state: { kind: "conflict", theirs } });
      } else change(text);
    },
    keepMine: () => {
      const { state } = snapshot;
      if (state.kind !== "conflict" || state.theirs === null) return Promise.resolve(false);
      saved = state.theirs.text;
      update({ version: state.theirs.version, state: { kind: "unsaved" } });
      return save();
    },
    takeTheirs: () => {
      const { state } = snapshot;
      if (state.kind === "conflict" && state.theirs !== null) adopt(state.theirs);
    },
    setAutosaves: (next) => {
      autosaves = next;
      if (!next) clearTimeout(timer);
      else if (isChanged()) plan(pauseMs);
    },
    stop: () => clearTimeout(timer),
  };
}
