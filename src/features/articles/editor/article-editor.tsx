"use client";

import Link from "next/link";
import { useEffect, useId, useRef, useState } from "react";
import { cn } from "@/lib/cn.ts";
import { longDate } from "@/lib/text/relative-time.ts";
import { count, readingMinutes } from "@/lib/text/text.ts";
import { Button } from "@/ui/forms/button.tsx";
import { inputStyle } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import type { Draft, TagChoice } from "../draft-schema.ts";
import { limits } from "../limits.ts";
import { toSlug } from "../to-slug.ts";
import { ConflictNotice } from "./conflict-notice.tsx";
import { Counter } from "./counter.tsx";
import { Field } from "./field.tsx";
import { Preview } from "./preview.tsx";
import { SaveLine } from "./save-line.tsx";
import { TagPicker } from "./tag-picker.tsx";
import { countWords } from "./text.ts";
import { useDraftSaver } from "./use-draft-saver.ts";
import { useLeaveGuard } from "./use-leave-guard.ts";
import { usePublishing } from "./use-publishing.ts";
import { useSaveKey } from "./use-save-key.ts";

interface ArticleEditorProps {
  readonly articleId: string;
  /** Null for a new article. */
  readonly draft: Draft | null;
  readonly tags: readonly TagChoice[];
}

/** The editor of an article, with a preview. */
export function ArticleEditor({ articleId: firstId, draft, tags }: ArticleEditorProps) {
  const { articleId, saver, snapshot, isRestored } = useDraftSaver({
    articleId: firstId,
    text: textOf(draft),
    version: draft?.version ?? null,
    autosaves: draft?.status !== "published",
  });
  const { text, version, state, takenSlug } = snapshot;
  const publishing = usePublishing(articleId, saver, draft?.status ?? "draft");
  const { status, isRunning, problem, done } = publishing;
  const isPublished = status === "published";
  const isUnsaved = state.kind !== "saved";
  const [isPreviewing, setIsPreviewing] = useState(false);
  const doneNotice = useRef<HTMLDivElement>(null);
  const id = useId();

  useLeaveGuard(isUnsaved);
  useSaveKey(() => void (isPublished ? publishing.update() : saver.save()));
  useEffect(() => {
    if (draft === null && version !== null) {
      window.history.replaceState(null, "", `/write/${articleId}`);
    }
  }, [draft, version, articleId]);
  useEffect(() => {
    if (done === "published") doneNotice.current?.querySelector("a")?.focus();
  }, [done]);

  const errorsOf = (field: string) => [
    ...(problem?.fieldErrors[field] ?? []),
    ...(state.kind === "failed" ? (state.fieldErrors[field] ?? []) : []),
  ];
  const slugErrors =
    takenSlug === null
      ? errorsOf("slug")
      : [`Another article uses the URL “${takenSlug}”. Choose a different one. The rest is saved.`];
  const changeTitle = (title: string) => {
    // The slug follows the title until the author changes it or the article is published.
    const follows = !isPublished && text.slug === toSlug(text.title);
    saver.change(follows ? { title, slug: toSlug(title) } : { title });
  };

  return (
    <form onSubmit={(event) => event.preventDefault()} aria-label="Article">
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
            onClick={() => setIsPreviewing(!isPreviewing)}
          >
            {isPreviewing ? "Write" : "Preview"}
          </Button>
          {isPublished ? (
            <>
              <Button
                look="bare"
                size="sm"
                aria-disabled={isRunning}
                onClick={publishing.unpublish}
              >
                Unpublish
              </Button>
              <Button
                size="sm"
                aria-disabled={isRunning || !isUnsaved}
                onClick={() => isUnsaved && publishing.update()}
              >
                Update
              </Button>
            </>
          ) : (
            <>
              <Button look="bare" size="sm" onClick={() => void saver.save()}>
                Save
              </Button>
              <Button size="sm" aria-disabled={isRunning} onClick={publishing.publish}>
                {isRunning ? "Publishing…" : "Publish"}
              </Button>
            </>
          )}
        </div>
      </div>

      {state.kind === "conflict" && (
        <ConflictNotice
          mine={text}
          theirs={state.theirs}
          onKeepMine={() => void saver.keepMine()}
          onTakeTheirs={() => saver.takeTheirs()}
        />
      )}
      {state.kind === "failed" && (
        <Notice className="mb-6">
          Not saved: {state.message} Your text is kept in this browser
          {state.retries ? ", and saving is retried." : "."}
        </Notice>
      )}
      {problem && <Notice className="mb-6">{problem.message}</Notice>}
      {isRestored && isUnsaved && state.kind !== "conflict" && (
        <Notice role="status" className="mb-6">
          Unsaved changes were restored from this browser.
        </Notice>
      )}
      {draft?.deleteAt && (
        <Notice role="status" className="mb-6">
          This article is deleted and will be gone on {longDate(Date.parse(draft.deleteAt))}.{" "}
          <Link href="/dashboard?status=deleting" className="text-link">
            Restore it on the dashboard
          </Link>
          .
        </Notice>
      )}
      <div ref={doneNotice} role="status" className="empty:hidden">
        {done !== null && (
          <p className="mb-6 border-l-3 border-ink bg-sunk px-4 py-3 text-sm">
            {doneWords[done]}{" "}
            {done !== "unpublished" && (
              <Link href={`/articles/${text.slug}`} className="text-link font-semibold">
                View article
              </Link>
            )}
          </p>
        )}
      </div>

      <div className="grid grid-cols-1 gap-x-12 gap-y-10 lg:grid-cols-2">
        <div className={cn("min-w-0 space-y-6", isPreviewing && "max-lg:hidden")}>
          <Field
            label="Title"
            errors={errorsOf("title")}
            counter={(hintId) => (
              <Counter id={hintId} length={text.title.trim().length} limit={limits.title} />
            )}
          >
            {(props) => (
              <input
                {...props}
                value={text.title}
                onChange={(event) => changeTitle(event.target.value)}
                autoComplete="off"
                className={cn(inputStyle, "h-13 font-serif text-xl font-medium")}
              />
            )}
          </Field>
          <Field
            label="Summary"
            hint="One or two sentences. Shown in lists and above the text."
            errors={errorsOf("excerpt")}
            counter={(hintId) => (
              <Counter id={hintId} length={text.excerpt.trim().length} limit={limits.excerpt} />
            )}
          >
            {(props) => (
              <textarea
                {...props}
                rows={2}
                value={text.excerpt}
                onChange={(event) => saver.change({ excerpt: event.target.value })}
                className={cn(
                  inputStyle,
                  "field-sizing-content resize-none py-2 font-serif text-lg",
                )}
              />
            )}
          </Field>
          <Field
            label="Text"
            hint="Markdown. Press Ctrl+S or ⌘S to save."
            errors={errorsOf("body")}
            counter={(hintId) => (
              <Counter id={hintId} length={text.body.length} limit={limits.body} />
            )}
          >
            {(props) => (
              <textarea
                {...props}
                value={text.body}
                onChange={(event) => saver.change({ body: event.target.value })}
                spellCheck
                className={cn(
                  inputStyle,
                  "field-sizing-content min-h-[55vh] resize-y py-3 font-mono text-sm leading-relaxed",
                )}
              />
            )}
          </Field>
          <TagPicker
            tags={tags}
            chosen={text.tagIds}
            onChange={(tagIds) => saver.change({ tagIds: [...tagIds] })}
          />
          <Field
            label="URL"
            hint={
              isPublished
                ? "The part after /articles/. It stays the same when you change the title."
                : `The part after /articles/. It is made from the title until you change it.`
            }
            errors={slugErrors}
          >
            {(props) => (
              <input
                {...props}
                value={text.slug}
                readOnly={isPublished}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                onChange={(event) => saver.change({ slug: event.target.value })}
                className={cn(inputStyle, "h-11 font-mono text-sm read-only:bg-sunk")}
              />
            )}
          </Field>
        </div>
        <section
          aria-labelledby={`${id}-preview`}
          className={cn("min-w-0", !isPreviewing && "max-lg:hidden")}
        >
          <h2 id={`${id}-preview`} className="label-caps mb-4 text-ink-faint">
            Preview
          </h2>
          <p className="font-serif text-2xl leading-tight font-medium tracking-tight">
            {text.title || "Untitled"}
          </p>
          {text.excerpt && (
            <p className="mt-3 font-serif text-lg text-ink-soft italic">{text.excerpt}</p>
          )}
          <Preview body={text.body} />
        </section>
      </div>
    </form>
  );
}

const doneWords = {
  published: "Published.",
  updated: "Updated.",
  unpublished: "Unpublished. Only you can see it.",
} as const;

/** A draft without its own slug has a generated one, which is not shown. */
function textOf(draft: Draft | null) {
  if (draft === null) return { title: "", excerpt: "", body: "", slug: "", tagIds: [] };
  const { title, excerpt, body, slug, tagIds } = draft;
  return { title, excerpt, body, slug: slug.startsWith("untitled-") ? "" : slug, tagIds };
}
