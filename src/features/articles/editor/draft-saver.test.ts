import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AppError } from "@/lib/errors/app-error.ts";
import type { ArticleText, SavedArticle } from "../write/draft-schema.ts";
import { createDraftSaver, type DraftSaverOptions } from "./draft-saver.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const text: ArticleText = { title: "T", excerpt: "", body: "one", slug: "t", tagIds: [] };
const versionOf = (n: number) => `2026-01-01T00:00:00.00000${n}Z`;

/** A server whose saves the test completes, and a browser storage. */
function setUp(options: Partial<DraftSaverOptions> = {}) {
  const calls: {
    text: ArticleText;
    basedOn: string | null;
    resolve: (saved?: Partial<SavedArticle>) => Promise<void>;
    reject: (error: unknown) => Promise<void>;
  }[] = [];
  let kept: Parameters<DraftSaverOptions["keep"]>[0] = null;
  const saver = createDraftSaver({
    text,
    version: versionOf(1),
    autosaves: true,
    keep: (copy) => {
      kept = copy;
    },
    save: (sent, basedOn) =>
      new Promise((resolve, reject) => {
        const settle = () => vi.advanceTimersByTimeAsync(0).then(() => {});
        const version = versionOf(calls.length + 2);
        calls.push({
          text: sent,
          basedOn,
          resolve: (saved) => {
            resolve({ version, slug: sent.slug, isSlugTaken: false, ...saved });
            return settle();
          },
          reject: (error) => {
            reject(error);
            return settle();
          },
        });
      }),
    ...options,
  });
  const state = () => saver.getSnapshot().state.kind;
  return { saver, calls, state, kept: () => kept };
}

const away = new AppError("unavailable", "The site cannot be reached.");
const conflict = new AppError("conflict", "It was saved somewhere else.");
const pause = () => vi.advanceTimersByTimeAsync(1_200);

describe("a draft", () => {
  test("is saved once, shortly after the last change, with the version it is based on", async () => {
    const { saver, calls, state } = setUp();
    expect(state()).toBe("saved");
    saver.change({ body: "one t" });
    await vi.advanceTimersByTimeAsync(1_000);
    saver.change({ body: "one two" });
    expect(state()).toBe("unsaved");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(calls).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(state()).toBe("saving");
    expect(calls).toMatchObject([{ text: { body: "one two" }, basedOn: versionOf(1) }]);
    await calls[0]?.resolve();
    expect(state()).toBe("saved");
    expect(saver.getSnapshot().version).toBe(versionOf(2));
  });

  test("is saved during typing without a pause as well", async () => {
    const { saver, calls } = setUp();
    for (let second = 0; second < 11; second += 1) {
      saver.change({ body: `one ${second}` });
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(calls).toHaveLength(1);
  });

  test("is saved sequentially: changes made during a save follow on the new version", async () => {
    const { saver, calls, state, kept } = setUp();
    saver.change({ body: "two" });
    const first = saver.save();
    saver.change({ body: "three" });
    expect(state()).toBe("saving");
    await calls[0]?.resolve();
    expect(await first).toBe(true);
    expect(state()).toBe("unsaved");
    expect(kept()).toMatchObject({ text: { body: "three" }, basedOn: versionOf(2) });
    await pause();
    expect(calls[1]).toMatchObject({ text: { body: "three" }, basedOn: versionOf(2) });
  });

  test("that is changed back needs no save", async () => {
    const { saver, calls, state } = setUp();
    saver.change({ body: "two" });
    saver.change({ body: "one" });
    expect(state()).toBe("saved");
    await pause();
    expect(calls).toHaveLength(0);
  });

  test("that is new is sent without a version, even when it is empty", async () => {
    const { saver, calls } = setUp({ version: null });
    void saver.save();
    expect(calls).toMatchObject([{ basedOn: null }]);
  });

  test("whose slug is taken is saved, and reports it", async () => {
    const { saver, calls } = setUp();
    saver.change({ slug: "taken" });
    await pause();
    await calls[0]?.resolve({ isSlugTaken: true });
    expect(saver.getSnapshot()).toMatchObject({ state: { kind: "saved" }, takenSlug: "taken" });
    saver.change({ slug: "free" });
    await pause();
    await calls[1]?.resolve();
    expect(saver.getSnapshot().takenSlug).toBeNull();
  });
});

describe("a save that fails", () => {
  test("loses nothing, reports the reason, and is retried with back-off", async () => {
    const { saver, calls, kept } = setUp();
    saver.change({ body: "two" });
    await pause();
    await calls[0]?.reject(away);
    expect(saver.getSnapshot().state).toMatchObject({
      kind: "failed",
      message: away.message,
      retries: true,
    });
    expect(kept()).toMatchObject({ text: { body: "two" } });
    await vi.advanceTimersByTimeAsync(3_000);
    await calls[1]?.reject(away);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(calls).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(3_000);
    await calls[2]?.resolve();
    expect(saver.getSnapshot()).toMatchObject({ state: { kind: "saved" }, text: { body: "two" } });
    expect(kept()).toBeNull();
  });

  test("because of its content is not retried before the text changes", async () => {
    const { saver, calls } = setUp();
    saver.change({ title: "too long" });
    await pause();
    await calls[0]?.reject(new AppError("invalid_input", "Shorten it."));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(calls).toHaveLength(1);
    saver.change({ title: "short" });
    await pause();
    expect(calls).toHaveLength(2);
  });
});

describe("a newer version on the server", () => {
  const theirs = { text: { ...text, body: "theirs" }, version: versionOf(9) };

  test("replaces a text without local changes", () => {
    const { saver } = setUp();
    saver.received(theirs);
    expect(saver.getSnapshot()).toMatchObject({ text: theirs.text, version: versionOf(9) });
  });

  test("is a conflict with local changes, and nothing is saved until one side is chosen", async () => {
    const { saver, calls, state, kept } = setUp();
    saver.change({ body: "mine" });
    saver.received(theirs);
    expect(state()).toBe("conflict");
    await vi.advanceTimersByTimeAsync(60_000);
    saver.change({ body: "mine too" });
    expect(await saver.save()).toBe(false);
    expect(calls).toHaveLength(0);
    expect(kept()).toMatchObject({ text: { body: "mine too" } });
    void saver.keepMine();
    expect(calls).toMatchObject([{ text: { body: "mine too" }, basedOn: versionOf(9) }]);
    await calls[0]?.resolve();
    expect(state()).toBe("saved");
  });

  test("that a save meets is a conflict, and can be chosen once it is loaded", async () => {
    const { saver, calls, state, kept } = setUp();
    saver.change({ body: "mine" });
    await pause();
    await calls[0]?.reject(conflict);
    expect(saver.getSnapshot().state).toEqual({ kind: "conflict", theirs: null });
    saver.received(theirs);
    saver.takeTheirs();
    expect(saver.getSnapshot()).toMatchObject({ text: theirs.text, version: versionOf(9) });
    expect(state()).toBe("saved");
    expect(kept()).toBeNull();
  });

  test("from this tab's own save, received before the response, is no conflict", async () => {
    const { saver, calls, state } = setUp();
    saver.change({ body: "mine" });
    await pause();
    saver.received({ text: { ...text, body: "mine" }, version: versionOf(2) });
    await calls[0]?.resolve();
    expect(state()).toBe("saved");
    expect(saver.getSnapshot().text.body).toBe("mine");
  });

  test("from a save whose answer was lost is no conflict, and further changes are saved on top of it", async () => {
    const { saver, calls, state, kept } = setUp({ autosaves: false });
    saver.change({ body: "mine" });
    void saver.save();
    await calls[0]?.reject(away);
    saver.change({ body: "mine and more" });
    saver.received({ text: { ...text, body: "mine" }, version: versionOf(2) });
    expect(state()).toBe("unsaved");
    expect(saver.getSnapshot().text.body).toBe("mine and more");
    expect(kept()).toMatchObject({ basedOn: versionOf(2), text: { body: "mine and more" } });
    void saver.save();
    expect(calls[1]).toMatchObject({ basedOn: versionOf(2), text: { body: "mine and more" } });
  });

  test("from a save whose answer was lost is recognised, too, when the next save met it", async () => {
    const { saver, calls, state } = setUp();
    saver.change({ body: "mine" });
    await pause();
    await calls[0]?.reject(away);
    saver.change({ body: "mine and more" });
    await pause();
    await calls[1]?.reject(conflict);
    expect(state()).toBe("conflict");
    saver.received({ text: { ...text, body: "mine" }, version: versionOf(2) });
    await pause();
    expect(calls[2]).toMatchObject({ basedOn: versionOf(2), text: { body: "mine and more" } });
    await calls[2]?.resolve();
    expect(state()).toBe("saved");
  });

  test("that is the text of this tab is no conflict", () => {
    const { saver, state, kept } = setUp();
    saver.change({ body: "mine" });
    saver.received({ text: { ...text, body: "mine" }, version: versionOf(2) });
    expect(state()).toBe("saved");
    expect(saver.getSnapshot().version).toBe(versionOf(2));
    expect(kept()).toBeNull();
  });

  test("that this tab saved before the last known one is a conflict: another text came between", async () => {
    const { saver, calls, state } = setUp();
    saver.change({ body: "mine" });
    await pause();
    await calls[0]?.resolve();
    saver.change({ body: "more" });
    saver.received({ text: { ...text, body: "mine" }, version: versionOf(9) });
    expect(state()).toBe("conflict");
  });

  test("that is older than this tab's changes nothing", () => {
    const { saver } = setUp({ version: versionOf(5) });
    saver.received({ text: { ...text, body: "old" }, version: versionOf(4) });
    expect(saver.getSnapshot().text).toEqual(text);
  });
});

describe("a copy kept in this browser", () => {
  test("is restored and saved", async () => {
    const { saver, calls } = setUp();
    saver.restore({ text: { ...text, body: "kept" }, basedOn: versionOf(1) });
    await pause();
    expect(calls).toMatchObject([{ text: { body: "kept" }, basedOn: versionOf(1) }]);
  });

  test("of an older version is a conflict with what the server has", () => {
    const { saver } = setUp({ version: versionOf(3) });
    saver.restore({ text: { ...text, body: "kept" }, basedOn: versionOf(1) });
    expect(saver.getSnapshot()).toMatchObject({
      text: { body: "kept" },
      state: { kind: "conflict", theirs: { text, version: versionOf(3) } },
    });
  });
});

test("a published article is saved on request only", async () => {
  const { saver, calls, state } = setUp({ autosaves: false });
  saver.change({ body: "two" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect([state(), calls.length]).toEqual(["unsaved", 0]);
  void saver.save();
  await calls[0]?.reject(away);
  await vi.advanceTimersByTimeAsync(120_000);
  expect([state(), calls.length]).toEqual(["failed", 1]);
});
