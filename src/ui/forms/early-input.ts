import { type Ref, type RefCallback, useCallback } from "react";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface EarlyInput {
  /** What was entered into each control, and the selection in it. */
  readonly entered: WeakMap<Control, readonly [value: string, start?: number, end?: number]>;
  /** Forms that were sent, each with the button that sent it. */
  readonly sent: WeakMap<HTMLFormElement, HTMLElement | null>;
  /** Controls and forms that React has taken over. */
  readonly taken: WeakSet<Control | HTMLFormElement>;
}

declare global {
  interface Window {
    /** Set by `earlyInputScript`. */
    readonly earlyInput?: EarlyInput;
  }
}

/**
 * Records what people enter and send before React has hydrated the page: hydration sets controls back to the state on
 * the server, and a form without `action` would load the page again. It runs before the first control of the document.
 */
export const earlyInputScript = `{
const { entered, sent, taken } = (window.earlyInput = { entered: new WeakMap(), sent: new WeakMap(), taken: new WeakSet() });
addEventListener("input", ({ target: t }) => taken.has(t) || entered.set(t, [t.value, t.selectionStart, t.selectionEnd]), true);
addEventListener("submit", (event) => {
  const form = event.target;
  if (taken.has(form) || form.hasAttribute("action") || form.method === "dialog") return;
  event.preventDefault();
  sent.set(form, event.submitter);
}, true);
}`;

/** The ref of a control. Repeats for React what was entered before hydration. */
export function useControlRef<Node extends Control>(ref: Ref<Node> | undefined): RefCallback<Node> {
  return useCallback(
    (node: Node) => {
      enterAgain(node);
      return attach(ref, node);
    },
    [ref],
  );
}

/** The ref of a form with `onSubmit`. Sends it again when it was sent before hydration. */
export function useFormRef(ref: Ref<HTMLFormElement> | undefined): RefCallback<HTMLFormElement> {
  return useCallback(
    (form: HTMLFormElement) => {
      const { sent, taken } = window.earlyInput ?? {};
      taken?.add(form);
      const button = sent?.get(form);
      if (button !== undefined) {
        sent?.delete(form);
        // Its controls come first, so that the state has what was entered into them.
        later(() => form.isConnected && form.requestSubmit(button));
      }
      return attach(ref, form);
    },
    [ref],
  );
}

function attach<Node>(ref: Ref<Node> | undefined, node: Node): () => void {
  if (typeof ref === "function") {
    const detach = ref(node);
    return typeof detach === "function" ? detach : () => void ref(null);
  }
  if (ref) ref.current = node;
  return () => {
    if (ref) ref.current = null;
  };
}

function enterAgain(node: Control): void {
  const { entered, taken } = window.earlyInput ?? {};
  taken?.add(node);
  const [value, start, end] = entered?.get(node) ?? [];
  if (value === undefined) return;
  entered?.delete(node);
  if (node instanceof HTMLSelectElement || node.type === "file") {
    later(() => {
      if (node.type !== "file") node.value = value;
      node.dispatchEvent(new Event("change", { bubbles: true }));
    });
  } else if (node.type === "checkbox" || node.type === "radio") {
    const box = node as HTMLInputElement;
    const { checked, defaultChecked } = box;
    if (checked === defaultChecked) return;
    later(() => {
      box.checked = defaultChecked;
      box.click();
    });
  } else {
    const { defaultValue } = node;
    later(() => {
      // The state has changed since hydration: a draft was restored, or somebody typed on.
      if (node.defaultValue !== defaultValue) return;
      typeAgain(node, value);
      if (typeof start === "number" && typeof end === "number") node.setSelectionRange(start, end);
    });
  }
}

/** Calls `work` when the commit that attaches the refs, and its effects, are done. */
function later(work: () => unknown): void {
  setTimeout(work);
}

/** Types the text as a person does: React takes an event for a change when the text was not set on the element itself. */
function typeAgain(node: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  node.value = node.defaultValue;
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(node), "value")?.set?.call(node, text);
  node.dispatchEvent(new Event("input", { bubbles: true }));
}
