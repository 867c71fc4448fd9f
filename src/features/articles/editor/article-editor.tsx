"use client";

import { useEffect, useState } from "react";
import { cn } from "@/lib/cn.ts";
import { SubmitForm } from "@/ui/forms/controls.tsx";
import type { ArticleText, Draft, TagChoice } from "../write/draft-schema.ts";
import { EditorBar } from "./editor-bar.tsx";
import { EditorFields } from "./editor-fields.tsx";
import { EditorNotices } from "./editor-notices.tsx";
import { ArticlePreview } from "./preview.tsx";
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
  const isPublished = publishing.status === "published";
  const [isPreviewing, setIsPreviewing] = useState(false);

  useLeaveGuard(state.kind !== "saved");
  useSaveKey(() => void (isPublished ? publishing.update() : saver.save()));
  useEffect(() => {
    if (draft === null && version !== null) {
      window.history.replaceState(null, "", `/write/${articleId}`);
    }
  }, [draft, version, articleId]);

  const errorsOf = (field: keyof ArticleText): readonly string[] =>
    field === "slug" && takenSlug !== null
      ? [`Another article uses the URL “${takenSlug}”. Choose a different one. The rest is saved.`]
      : [
          ...(publishing.problem?.fieldErrors[field] ?? []),
          ...(state.kind === "failed" ? (state.fieldErrors[field] ?? []) : []),
        ];

  return (
    <SubmitForm onSubmit={(event) => event.preventDefault()} aria-label="Article">
      <EditorBar
        articleId={articleId}
        snapshot={snapshot}
        saver={saver}
        publishing={publishing}
        isPreviewing={isPreviewing}
        onPreview={setIsPreviewing}
      />
      <EditorNotices
        snapshot={snapshot}
        saver={saver}
        publishing={publishing}
        isRestored={isRestored}
        deleteAt={draft?.deleteAt ?? null}
      />
      <div className="grid grid-cols-1 gap-x-12 gap-y-10 lg:grid-cols-2">
        <div className={cn("min-w-0 space-y-6", isPreviewing && "max-lg:hidden")}>
          <EditorFields
            text={text}
            tags={tags}
            isPublished={isPublished}
            errorsOf={errorsOf}
            onChange={(patch) => saver.change(patch)}
          />
        </div>
        <ArticlePreview text={text} className={cn(!isPreviewing && "max-lg:hidden")} />
      </div>
    </SubmitForm>
  );
}

/** A draft without its own slug has a generated one, which is not shown. */
function textOf(draft: Draft | null) {
  if (draft === null) return { title: "", excerpt: "", body: "", slug: "", tagIds: [] };
  const { title, excerpt, body, slug, tagIds } = draft;
  return { title, excerpt, body, slug: slug.startsWith("untitled-") ? "" : slug, tagIds };
}
