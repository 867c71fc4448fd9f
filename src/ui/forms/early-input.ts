type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

declare global {
  interface Window {
    /**
     * Repeats for React what was entered into a control, or that a form was sent, before hydration. A component calls
     * it in an effect. Set by `earlyInputScript`.
     */
    repeatEarlyInput?: (node: Control | HTMLFormElement) => void;
  }
}

/**
 * Hydration sets controls back to the state on the server, and moves the caret of a text. A form without `action` that
 * is sent before would load the page again. This records input and sends from the first control of the document on, and
 * keeps the selection. It is sent as text in the page, so it uses nothing outside of itself.
 */
function recordEarlyInput(): void {
  const texts = new WeakMap<Control, [value: string, start: number | null, end: number | null]>();
  const senders = new WeakMap<HTMLFormElement, HTMLElement | null>();
  /** Controls and forms that React has taken over. */
  const taken = new WeakSet<EventTarget>();
  const tell = (node: Control, type: string) =>
    node.dispatchEvent(new Event(type, { bubbles: true }));

  // Hydration sets the `defaultValue` of a text area, which moves the caret to the start until something sets `value`.
  // React stops events in parts that it has not hydrated yet, so all listeners are called before its own.
  addEventListener(
    "focusin",
    ({ target: node }) => {
      // biome-ignore lint/correctness/noSelfAssign: to set it is the purpose
      if (node instanceof HTMLTextAreaElement && !taken.has(node)) node.value = node.value;
    },
    true,
  );
  addEventListener(
    "input",
    ({ target }) => {
      const node = target as HTMLInputElement;
      if (!taken.has(node)) texts.set(node, [node.value, node.selectionStart, node.selectionEnd]);
    },
    true,
  );
  addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      if (taken.has(form) || form.hasAttribute("action") || form.method === "dialog") return;
      event.preventDefault();
      senders.set(form, event.submitter);
    },
    true,
  );

  window.repeatEarlyInput = (node) => {
    if (taken.has(node)) return;
    taken.add(node);
    // After the effects, one of which may restore a draft. Controls come before their form, as their effects do.
    if (node instanceof HTMLFormElement) {
      const sender = senders.get(node);
      if (sender !== undefined) setTimeout(() => node.isConnected && node.requestSubmit(sender));
      return;
    }
    const text = texts.get(node);
    if (text === undefined) return;
    const [value, start, end] = text;
    const { type, checked, defaultChecked, defaultValue } = node as HTMLInputElement;
    setTimeout(() => {
      if (type === "file") tell(node, "change");
      else if (node instanceof HTMLSelectElement) {
        node.value = value;
        tell(node, "change");
      } else if (type === "checkbox" || type === "radio") {
        if (checked === defaultChecked) return;
        (node as HTMLInputElement).checked = defaultChecked;
        node.click();
      } else if (node.defaultValue === defaultValue) {
        // Else the state has changed since: a draft was restored, or more was typed.
        // React takes an event for a change when the text was not set on the element itself.
        node.value = defaultValue;
        Object.getOwnPropertyDescriptor(Object.getPrototypeOf(node), "value")?.set?.call(
          node,
          value,
        );
        if (start !== null) node.setSelectionRange(start, end);
        tell(node, "input");
      }
    });
  };
}

/** An inline script for the beginning of the document. */
export const earlyInputScript = `(${recordEarlyInput})()`;
