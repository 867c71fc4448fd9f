"use client";

import type { ComponentProps } from "react";
import { useControlRef, useFormRef } from "./early-input.ts";

/*
 * Native controls and forms that lose nothing of what people enter or send before React has hydrated the page.
 * Components use these in place of the elements of the same name (tests/law/controls.test.ts).
 */

/** An `<input>` that keeps what was entered before hydration. */
export function Input({ ref, ...props }: ComponentProps<"input">) {
  return <input {...props} ref={useControlRef(ref)} />;
}

/** A `<textarea>` that keeps what was entered before hydration. */
export function TextBox({ ref, ...props }: ComponentProps<"textarea">) {
  return <textarea {...props} ref={useControlRef(ref)} />;
}

/** A `<select>` that keeps what was chosen before hydration. */
export function Select({ ref, ...props }: ComponentProps<"select">) {
  return <select {...props} ref={useControlRef(ref)} />;
}

/** A `<form>` with `onSubmit`. It is sent after hydration when somebody sent it before. */
export function SubmitForm({ ref, ...props }: ComponentProps<"form">) {
  return <form {...props} ref={useFormRef(ref)} />;
}
