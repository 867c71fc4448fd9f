import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type BrowserSession, checkSession } from "@/lib/pages/page-status.ts";
import { ConfirmDialog } from "../overlays/confirm-dialog.tsx";
import { ActionButton } from "./action-button.tsx";

/** The browser now has the session of this account, and the page has checked it. */
async function signIn(viewerId: string | null): Promise<void> {
  const session: BrowserSession = { viewerId, name: viewerId, isBanned: false, release: "" };
  vi.stubGlobal("fetch", async () => Response.json(session));
  await act(checkSession);
}

beforeEach(() => {
  document.documentElement.dataset.viewer = "ann";
});
afterEach(async () => {
  await signIn("ann");
  cleanup();
  delete document.documentElement.dataset.viewer;
  vi.unstubAllGlobals();
});

test.each([null, "ben"])(
  "an action button does nothing and submits nothing while %s is signed in in place of the page's account",
  async (viewerId) => {
    const done: string[] = [];
    const submit = (event: { preventDefault(): void }) => {
      event.preventDefault();
      done.push("submitted");
    };
    render(
      <form onSubmit={submit}>
        <ActionButton onClick={() => done.push("clicked")}>Delete</ActionButton>
        <ActionButton type="submit">Save</ActionButton>
      </form>,
    );
    const buttons = ["Delete", "Save"].map((name) => screen.getByRole("button", { name }));
    const clickAll = () => {
      for (const button of buttons) fireEvent.click(button);
      return done.splice(0);
    };
    const disabled = () => buttons.map((button) => button.getAttribute("aria-disabled"));
    expect(clickAll()).toEqual(["clicked", "submitted"]);
    expect(disabled()).toEqual([null, null]);
    await signIn(viewerId);
    expect(clickAll()).toEqual([]);
    expect(disabled()).toEqual(["true", "true"]);
    await signIn("ann");
    expect(clickAll()).toEqual(["clicked", "submitted"]);
    expect(disabled()).toEqual([null, null]);
  },
);

test("an action button opens no dialog while the page's account is signed out", async () => {
  render(
    <ConfirmDialog
      trigger={<ActionButton>Delete</ActionButton>}
      title="Delete it?"
      confirmLabel="Delete"
      onConfirm={() => {}}
      focusAfterwards={() => {}}
    >
      This cannot be undone.
    </ConfirmDialog>,
  );
  await signIn(null);
  fireEvent.click(screen.getByRole("button", { name: "Delete" }));
  expect(screen.queryByText("Delete it?")).toBeNull();
});
