import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { fileLength } from "../limits.ts";
import { FileForm } from "./file-form.tsx";

afterEach(cleanup);

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Opens the form and chooses a file. */
function choose(content: BlobPart) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <FileForm publicationId="11111111-1111-4111-8111-111111111111" />
    </QueryClientProvider>,
  );
  const file = new File([content], "figures.csv");
  fireEvent.change(screen.getByLabelText("File"), { target: { files: [file] } });
}
const button = () => screen.getByRole("button", { name: "Record file" });

test("a file in another encoding than UTF-8 is refused when it is chosen, so that no replaced character is signed", async () => {
  choose(latin1("statement\nRain in Zürich"));
  await screen.findByText(
    "“figures.csv” is not UTF-8 text. Save it as UTF-8, and choose it again.",
  );
  expect(button().getAttribute("aria-disabled")).toBe("true");
});

test("a file with too many bytes is refused when it is chosen", async () => {
  choose("ü".repeat(2 * fileLength));
  await screen.findByText("A file has at most 300,000 characters. Divide it.");
  expect(button().getAttribute("aria-disabled")).toBe("true");
});

test("a file in UTF-8, with a byte order mark, can be recorded", async () => {
  choose("\uFEFFstatement\nRain in Zürich");
  await expect.poll(() => button().getAttribute("aria-disabled")).toBe("false");
});
