"use client";

import { useEffect, useState } from "react";
import { readDraft, writeDraft } from "@/lib/draft.ts";

/**
 * State that survives a reload and a navigation, per tab and account. Without storage it works as plain
 * state.
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
