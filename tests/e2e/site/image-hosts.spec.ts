import { expect } from "@playwright/test";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import { test } from "../steps/own-site.ts";

test.use({ extra: { IMAGE_HOSTS: "images.example.org, *.pictures.example" } });

/** A picture of one pixel. */
const pixel = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
const shown = [
  "https://images.example.org/ferry.gif",
  "https://summer.pictures.example/harbour.gif?size=2",
];
const others = [
  "https://cats.example/cat.gif",
  "https://pictures.example/apex.gif",
  "http://images.example.org/insecure.gif",
];

test("an article shows images of the hosts in IMAGE_HOSTS, which its policy allows, and a note for every other host", async ({
  author,
}) => {
  const requested: string[] = [];
  await author.context().route(
    (url) => url.hostname.endsWith(".example") || url.hostname.endsWith(".example.org"),
    untilClosed(author, (route) => {
      requested.push(route.request().url());
      return route.fulfill({ contentType: "image/gif", body: pixel });
    }),
  );
  await author.goto("/write");
  await author.getByLabel("Title").fill("By the sea");
  const body = [...shown, ...others].map((url, index) => `![Picture ${index}](${url})`);
  await author.getByLabel("Text").fill(body.join("\n\n"));
  await expect(author.locator('[data-save-state="saved"]')).toBeVisible();
  await author.getByRole("button", { name: "Publish" }).click();
  const link = author.getByRole("link", { name: "View article" });
  const response = await author.goto((await link.getAttribute("href")) ?? "");

  const policy = response?.headers()["content-security-policy"]?.split("; ") ?? [];
  expect(policy.find((each) => each.startsWith("img-src "))).toBe(
    "img-src 'self' data: https://images.example.org https://*.pictures.example",
  );
  const article = author.getByRole("main").getByRole("article").first();
  const images = article.getByRole("img", { name: /^Picture/ });
  await expect(images).toHaveCount(shown.length);
  for (const [index, url] of shown.entries()) {
    const image = article.getByRole("img", { name: `Picture ${index}` });
    await expect(image).toHaveAttribute("src", url);
    await image.scrollIntoViewIfNeeded();
    await expect(image).toHaveJSProperty("naturalWidth", 1);
  }
  await expect(article.getByText(/this site does not show images from/)).toHaveCount(3);
  await expect(article.getByText("does not show images from cats.example")).toBeVisible();

  // An image of another host that got into the page would not load either.
  const refused = await author.evaluate(async (url) => {
    const violation = new Promise<string>((resolve) => {
      document.addEventListener("securitypolicyviolation", (event) => resolve(event.blockedURI));
    });
    document.body.append(Object.assign(new Image(), { src: url }));
    return violation;
  }, others[0]);
  expect(refused).toBe(others[0]);
  expect(new Set(requested)).toEqual(new Set(shown));
});
