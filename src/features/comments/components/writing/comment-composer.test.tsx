import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { bodyLength } from "../../limits.ts";
import { CommentComposer } from "./comment-composer.tsx";

afterEach(() => {
  cleanup();
  sessionStorage.clear();
});

/** A composer whose requests the test answers. */
function setUp() {
  const sent: { body: string; accept: () => void; refuse: (reason: string) => void }[] = [];
  const onSubmit = (body: string) =>
    new Promise<void>((resolve, reject) => {
      sent.push({ body, accept: resolve, refuse: (reason) => reject(new Error(reason)) });
    });
  const composer = (
    <CommentComposer
      label="Add a comment"
      submitLabel="Post"
      draftKey="article-1"
      onSubmit={onSubmit}
      whileSending="clear"
    />
  );
  const { unmount } = render(composer);
  const field = () => screen.getByLabelText<HTMLTextAreaElement>("Add a comment");
  return { sent, composer, unmount, field, user: userEvent.setup() };
}

test("repeated Ctrl+Enter sends once", async () => {
  const { sent, field, user } = setUp();
  await user.type(field(), "Well said");
  await user.keyboard("{Control>}{Enter}{Enter}{/Control}");
  await user.click(screen.getByRole("button", { name: "Sending…" }));
  expect(sent.map(({ body }) => body)).toEqual(["Well said"]);
});

test("the text is cleared when the server has it, and not before", async () => {
  const { sent, composer, field, user, unmount } = setUp();
  await user.type(field(), "Well said");
  await user.click(screen.getByRole("button", { name: "Post" }));
  expect(field().value).toBe("");
  unmount();
  render(composer);
  expect(field().value).toBe("Well said");
  await act(async () => sent[0]!.accept());
});

test("S3.25 a refused comment is restored in its field, with the reason", async () => {
  const { sent, field, user } = setUp();
  await user.type(field(), "Well said");
  await user.click(screen.getByRole("button", { name: "Post" }));
  await act(async () => sent[0]!.refuse("The page is gone."));
  expect(field().value).toBe("Well said");
  expect(screen.getByRole("alert").textContent).toBe("The page is gone.");
});

test("an accepted comment leaves no draft behind", async () => {
  const { sent, composer, field, user, unmount } = setUp();
  await user.type(field(), "Well said");
  await user.click(screen.getByRole("button", { name: "Post" }));
  await act(async () => sent[0]!.accept());
  unmount();
  render(composer);
  expect(field().value).toBe("");
});

test("a text that is too long stays, shows the excess, and is not sent", async () => {
  const { sent, field, user } = setUp();
  await user.click(field());
  await user.paste("x".repeat(bodyLength + 12));
  await user.click(screen.getByRole("button", { name: "Post" }));
  expect(field().value).toHaveLength(bodyLength + 12);
  expect(screen.getByText("12 characters too long")).toBeDefined();
  expect(sent).toEqual([]);
});
