"use client";

import { useEffect, useState } from "react";
import { Check } from "../icons.ts";
import { Copy } from "../page-icons.ts";
import { Button } from "./button.tsx";
import { copyText } from "./copy-text.ts";

interface CopyButtonProps {
  readonly text: string;
  /** Names the copied text for screen readers: "the id of @ann". */
  readonly what: string;
}

const shownMs = 2_000;

/** A button that copies a text which is not shown in full. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const [result, setResult] = useState<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => setResult(null), shownMs);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async () => setResult((await copyText(text)) ? "copied" : "failed");
  const Mark = result === "copied" ? Check : Copy;
  return (
    <>
      <Button
        look="bare"
        size="inline"
        aria-label={`Copy ${what}`}
        title={text}
        onClick={() => void copy()}
        className="mx-0 h-6 px-1 align-middle"
      >
        <Mark aria-hidden />
      </Button>
      <span role="status" className="sr-only">
        {result === "copied" && "Copied."}
        {result === "failed" && `The browser did not allow copying. The text is ${text}.`}
      </span>
    </>
  );
}
