"use client";

import { type ComponentProps, type Ref, useEffect, useImperativeHandle, useRef } from "react";

/*
 * Native controls and forms that lose nothing of what people enter or send before React has hydrated the page
 * (early-input.ts). Components use these in place of the elements (tests/law/controls.test.ts).
 */

type Repeated = Parameters<NonNullable<Window["repeatEarlyInput"]>>[0];

function useEarlyInput<Node extends Repeated>(ref: Ref<Node> | undefined) {
  const node = useRef<Node>(null);
  useImperativeHandle(ref, () => node.current as Node);
  useEffect(() => {
    if (node.current) window.repeatEarlyInput?.(node.current);
  }, []);
  return node;
}

/** An `<input>` that keeps what was entered before hydration. */
export function Input({ ref, ...props }: ComponentProps<"input">) {
  return <input {...props} ref={useEarlyInput(ref)} />;
}

/** A `<textarea>` that keeps what was entered before hydration. */
export function TextBox({ ref, ...props }: ComponentProps<"textarea">) {
  return <textarea {...props} ref={useEarlyInput(ref)} />;
}

/** A `<select>` that keeps what was chosen before hydration. */
export function Select({ ref, ...props }: ComponentProps<"select">) {
  return <select {...props} ref={useEarlyInput(ref)} />;
}

/** A `<form>` with `onSubmit`. It is sent again after hydration when it was sent before. */
export function SubmitForm({ ref, ...props }: ComponentProps<"form">) {
  return <form {...props} ref={useEarlyInput(ref)} />;
}
