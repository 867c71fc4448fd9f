"use client";

import { useState } from "react";
import { AppError, type FieldErrors } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { publishArticleAction, unpublishArticleAction } from "../actions.ts";
import type { ArticleStatus } from "../write/draft-schema.ts";
import type { DraftSaver } from "./draft-saver.ts";

interface Problem {
  readonly message: string;
  readonly fieldErrors: FieldErrors;
}

export type Publishing = ReturnType<typeof usePublishing>;

/** Publishing and unpublishing. The text is saved first, so that the saved text is what gets published. */
export function usePublishing(articleId: string, saver: DraftSaver, initial: ArticleStatus) {
  const [status, setStatus] = useState(initial);
  const [isRunning, setIsRunning] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  /** The last action, to report it. */
  const [done, setDone] = useState<"published" | "updated" | "unpublished" | null>(null);

  const run = async (work: () => Promise<void>) => {
    if (isRunning) return;
    setIsRunning(true);
    setProblem(null);
    setDone(null);
    try {
      await work();
    } catch (error) {
      const { message, fieldErrors } =
        error instanceof AppError ? error : { message: "Try again in a moment.", fieldErrors: {} };
      setProblem({ message, fieldErrors });
    } finally {
      setIsRunning(false);
    }
  };

  return {
    status,
    isRunning,
    problem,
    done,
    publish: () =>
      run(async () => {
        if (!(await saver.save())) return;
        const { version, takenSlug } = saver.getSnapshot();
        if (version === null || takenSlug !== null) return;
        await unwrapAction((stamp) => publishArticleAction(stamp, { articleId, basedOn: version }));
        saver.setAutosaves(false);
        setStatus("published");
        setDone("published");
      }),
    /** Publishes the changed text. */
    update: () =>
      run(async () => {
        if (await saver.save()) setDone("updated");
      }),
    unpublish: () =>
      run(async () => {
        await unwrapAction((stamp) => unpublishArticleAction(stamp, { articleId }));
        saver.setAutosaves(true);
        setStatus("draft");
        setDone("unpublished");
      }),
  };
}
