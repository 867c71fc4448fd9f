import { act, type ReactNode, Suspense, use, useEffect, useState } from "react";
import { hydrateRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Input, Select, SubmitForm, TextBox } from "./controls.tsx";
import { earlyInputScript } from "./early-input.ts";

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
});
beforeAll(() => {
  new Function(earlyInputScript)(); // jsdom runs no script elements
});
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
  document.body.replaceChildren();
});

/** The page as the server sent it; `hydrate` lets React take it over. */
function serve(page: ReactNode) {
  const container = document.createElement("div");
  container.innerHTML = renderToString(page);
  document.body.append(container);
  const find = <Node extends Element>(selector: string) =>
    container.querySelector<Node>(selector) as Node;
  let root: Root | null = null;
  const hydrate = async () => {
    await act(async () => {
      root = hydrateRoot(container, page);
    });
    await act(() => new Promise((resolve) => setTimeout(resolve, 10)));
  };
  const leave = () => act(() => root?.unmount());
  closers.push(leave);
  return { find, hydrate, leave };
}

function type(node: HTMLInputElement | HTMLTextAreaElement, text: string) {
  const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(node), "value") ?? {};
  set?.call(node, text);
  node.dispatchEvent(new Event("input", { bubbles: true }));
}

function Texts({ initial }: { initial: string }) {
  const [text, setText] = useState(initial);
  const [line, setLine] = useState(initial);
  return (
    <>
      <Input value={line} onChange={(event) => setLine(event.target.value)} />
      <TextBox value={text} onChange={(event) => setText(event.target.value)} />
      <output>{`${line}, ${text}`}</output>
    </>
  );
}

test.each(["", "kept"])(
  "what is typed before hydration is the state after it, where the text was '%s'",
  async (initial) => {
    const { find, hydrate } = serve(<Texts initial={initial} />);
    type(find("input"), "a line");
    type(find("textarea"), "a text");
    await hydrate();
    expect(find("output").textContent).toBe("a line, a text");
    act(() => type(find("input"), "a longer line"));
    act(() => type(find("textarea"), "a longer text"));
    expect(find("output").textContent).toBe("a longer line, a longer text");
  },
);

test("a control that nobody touched causes no change at hydration", async () => {
  const changed = vi.fn();
  const { hydrate } = serve(
    <>
      <Input value="kept" onChange={changed} />
      <TextBox value={"two\r\nlines"} onChange={changed} />
      <Input type="checkbox" checked onChange={changed} />
    </>,
  );
  await hydrate();
  expect(changed).not.toHaveBeenCalled();
});

test("the selection in a text stays where it was", async () => {
  const { find, hydrate } = serve(<Texts initial="" />);
  const input = find<HTMLInputElement>("input");
  type(input, "a line");
  input.setSelectionRange(1, 2);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await hydrate();
  expect([input.value, input.selectionStart, input.selectionEnd]).toEqual(["a line", 1, 2]);
});

const never = new Promise<never>(() => {});
function Waits({ isWaiting }: { isWaiting: () => boolean }) {
  return isWaiting() ? use(never) : null;
}

test("the text of a text area in focus is not set while React hydrates the page around it", async () => {
  let isWaiting = false;
  const { find, hydrate } = serve(
    <Suspense>
      <Waits isWaiting={() => isWaiting} />
      <TextBox defaultValue="kept" />
    </Suspense>,
  );
  isWaiting = true; // React hydrates the root only, and stops events in the part
  await hydrate();
  const area = find<HTMLTextAreaElement>("textarea");
  const bubbled = vi.fn();
  addEventListener("focusin", bubbled, { once: true });
  await act(async () => area.focus());
  expect(bubbled).not.toHaveBeenCalled();
  // As React does when it hydrates the part. A browser moves the caret when this sets the text.
  area.defaultValue = "set back";
  expect(area.value).toBe("kept");
});

function Restored() {
  const [text, setText] = useState("");
  useEffect(() => setText("a kept draft"), []);
  return <TextBox value={text} onChange={(event) => setText(event.target.value)} />;
}

test("a draft that is restored after hydration is not replaced by what was typed before", async () => {
  const { find, hydrate } = serve(<Restored />);
  type(find("textarea"), "a");
  await hydrate();
  expect(find<HTMLTextAreaElement>("textarea").value).toBe("a kept draft");
});

function Choices() {
  const [isOn, setIsOn] = useState(false);
  const [colour, setColour] = useState("red");
  const [size, setSize] = useState("small");
  return (
    <>
      <Input type="checkbox" checked={isOn} onChange={(event) => setIsOn(event.target.checked)} />
      {["red", "blue"].map((each) => (
        <Input
          key={each}
          type="radio"
          name="colour"
          value={each}
          checked={colour === each}
          onChange={() => setColour(each)}
        />
      ))}
      <Select value={size} onChange={(event) => setSize(event.target.value)}>
        <option>small</option>
        <option>large</option>
      </Select>
      <output>{`${isOn} ${colour} ${size}`}</output>
    </>
  );
}

test("what is chosen before hydration is the state after it", async () => {
  const { find, hydrate } = serve(<Choices />);
  find<HTMLInputElement>("[type=checkbox]").click();
  find<HTMLInputElement>("[value=blue]").click();
  const select = find<HTMLSelectElement>("select");
  select.value = "large";
  select.dispatchEvent(new Event("input", { bubbles: true }));
  await hydrate();
  expect(find("output").textContent).toBe("true blue large");
  expect(find<HTMLInputElement>("[value=red]").checked).toBe(false);
});

test("a choice that was taken back before hydration causes no change", async () => {
  const { find, hydrate } = serve(<Choices />);
  const box = find<HTMLInputElement>("[type=checkbox]");
  box.click();
  box.click();
  await hydrate();
  expect([box.checked, find("output").textContent]).toEqual([false, "false red small"]);
});

test("a file that is chosen before hydration is reported after it", async () => {
  const chosen = vi.fn();
  const { find, hydrate } = serve(<Input type="file" onChange={chosen} />);
  find("input").dispatchEvent(new Event("input", { bubbles: true }));
  await hydrate();
  expect(chosen).toHaveBeenCalledTimes(1);
});

function Sender({ onSend }: { onSend: (text: string, button: string | undefined) => void }) {
  const [text, setText] = useState("");
  return (
    <SubmitForm
      onSubmit={(event) => {
        event.preventDefault();
        const { submitter } = event.nativeEvent as SubmitEvent;
        onSend(text, (submitter as HTMLButtonElement | null)?.value);
      }}
    >
      <Input value={text} onChange={(event) => setText(event.target.value)} />
      <button type="submit" value="draft">
        Save
      </button>
    </SubmitForm>
  );
}

test("a form that is sent before hydration does not load the page, and is sent once with its texts", async () => {
  const sent: [string, string | undefined][] = [];
  const { find, hydrate } = serve(<Sender onSend={(...each) => sent.push(each)} />);
  type(find("input"), "a text");
  const isLoading = vi.fn();
  find("form").addEventListener("submit", (event) => isLoading(!event.defaultPrevented));
  find<HTMLButtonElement>("button").click();
  expect(isLoading).toHaveBeenLastCalledWith(false);
  await hydrate();
  await vi.waitFor(() => expect(sent).toEqual([["a text", "draft"]]));
  act(() => find<HTMLButtonElement>("button").click());
  expect(sent).toHaveLength(2);
});

test("a form with an address of its own is sent at once", () => {
  const { find } = serve(
    <form action="/search">
      <button type="submit">Search</button>
    </form>,
  );
  const isPrevented = vi.fn();
  document.body.addEventListener(
    "submit",
    (event) => {
      isPrevented(event.defaultPrevented);
      event.preventDefault();
    },
    { once: true },
  );
  find<HTMLButtonElement>("button").click();
  expect(isPrevented).toHaveBeenCalledWith(false);
});

test("a ref of a control and of a form is set, and is empty after the control has gone", async () => {
  const control: { current: HTMLInputElement | null } = { current: null };
  const form = vi.fn();
  const { find, hydrate, leave } = serve(
    <SubmitForm ref={form} onSubmit={() => {}}>
      <Input ref={control} />
    </SubmitForm>,
  );
  await hydrate();
  expect(control.current).toBe(find("input"));
  expect(form).toHaveBeenLastCalledWith(find("form"));
  leave();
  expect(control.current).toBeNull();
  expect(form).toHaveBeenLastCalledWith(null);
});
