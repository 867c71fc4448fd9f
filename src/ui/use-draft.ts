"use client";

import { useEffect, useState } from "react";
import { readDraft, writeDraft } from "@/lib/draft.ts";

/**
 * Text that survives a reload and a walk to another page, per tab and account. Storage that is full or
 * switched off costs only that.
 */
export function useDraft(key: string, initial: string): [string, (text: string) => void] {
  const [text, setText] = useState(initial);
  useEffect(() => {
    const stored = readDraft(key);
    if (stored) setText(stored);
  }, [key]);
  const write = (next: string) => {
    setText(next);
    writeDraft(key, next === initial ? null : next);
  };
  return [text, write];
}
