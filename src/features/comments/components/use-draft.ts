"use client";

import { useEffect, useState } from "react";

const prefix = "inkwell.draft.";

/**
 * Text that survives a reload and a walk to another page, per tab. Storage that is full or switched
 * off costs only that.
 */
export function useDraft(key: string, initial: string): [string, (text: string) => void] {
  const [text, setText] = useState(initial);
  useEffect(() => {
    const stored = attempt(() => sessionStorage.getItem(prefix + key));
    if (stored) setText(stored);
  }, [key]);
  const write = (next: string) => {
    setText(next);
    attempt(() => {
      if (next === initial) sessionStorage.removeItem(prefix + key);
      else sessionStorage.setItem(prefix + key, next);
    });
  };
  return [text, write];
}

function attempt<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch {
    return null;
  }
}
