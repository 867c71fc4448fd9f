import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { createRenderer } from "./renderer.ts";
import { workerFiles } from "./worker-files.ts";

/** Renders short texts, whose HTML matters and not the time, also on a busy machine. */
const renderer = createRenderer({
  imageHosts: ["img.example.org", "*.pics.example"],
  deadlineMs: 20_000,
  startMs: 60_000,
});
afterAll(() => renderer.close());

async function markdown(text: string): Promise<string> {
  const outcome = await renderer.render({ kind: "markdown", text }, "ann");
  if (outcome === null || !("html" in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome.html;
}

const toText = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&#x3C;", "<")
    .replaceAll("&#x26;", "&");

test("colouring changes no character of code", async () => {
  const text = 'const a = "<script>alert(1)</script>"; // &amp; é\n\tif (a) {}\n';
  const outcome = await renderer.render({ kind: "code", language: "ts", text }, "ann");
  const html = outcome !== null && "html" in outcome ? outcome.html : "";
  expect(html).toContain('<span class="hljs-keyword">const</span>');
  expect(toText(html)).toBe(text);
});

test("Markdown becomes headings below the page's own, tables that scroll, and coloured code", async () => {
  const html = await markdown("# One\n\n|a|\n|-|\n|1|\n\n```ts\nconst a = 1;\n```\n\n- [x] done\n");
  expect(html).toContain("<h2>One</h2>");
  expect(html).toContain('<section class="table-scroll" aria-label="Table" tabindex="0"><table>');
  expect(html).toContain('<pre tabindex="0"><code class="hljs language-ts">');
  expect(html).toContain('<span class="hljs-keyword">const</span>');
  expect(html).toContain('<input type="checkbox" checked disabled>');
});

test.each([
  "https://evil.example",
  "HTTPS://evil.example",
  "//evil.example",
  "http:evil.example",
  "https:evil.example",
  "mailto:a@evil.example",
])("a link to %s says that this site does not vouch for it", async (address) => {
  const html = await markdown(`[a](<${address}>)`);
  expect(html).toMatch(/<a href="[^"]+" rel="noopener nofollow ugc">a<\/a>/);
});

test.each(["/tags/web", "#part", "other", "?page=2"])(
  "a link to this site, %s, stays as it is",
  async (address) => {
    expect(await markdown(`[a](${address})`)).toContain(`<a href="${address}">a</a>`);
  },
);

test.each(["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x"])(
  "a link to %s leads nowhere",
  async (address) => {
    expect(await markdown(`[a](<${address}>)`)).not.toMatch(/script:|data:/i);
  },
);

test.each(["/api/articles", "//own.invalid/x", "x.png", "\\api\\x", "http://own.invalid/x"])(
  "an image of this site's own routes, %s, is never loaded",
  async (address) => {
    const html = await markdown(`![alt](<${address}>)`);
    expect(html).not.toContain("<img");
    expect(html).toContain("alt (image not shown");
  },
);

test("an image of an allowed host is shown; of any other host a note says why it is not", async () => {
  expect(await markdown("![a](https://img.example.org/a.png)")).toContain(
    '<img src="https://img.example.org/a.png" alt="a" loading="lazy" decoding="async" referrerpolicy="no-referrer">',
  );
  expect(await markdown("![a](https://x.pics.example/a.png)")).toContain("<img");
  for (const address of [
    "http://img.example.org/a.png",
    "https://pics.example/",
    "https://evil.example/a",
  ]) {
    const html = await markdown(`![a](${address})`);
    expect(html).not.toContain("<img");
    expect(html).toContain("image not shown");
  }
});

/** Every construct of Markdown that can hold a link or an image, around `inner`. */
const constructs: Readonly<Record<string, (inner: string) => string>> = {
  paragraph: (inner) => inner,
  heading: (inner) => `# ${inner}`,
  "heading with an underline": (inner) => `${inner}\n===`,
  emphasis: (inner) => `*${inner}*`,
  "strong text": (inner) => `**${inner}**`,
  "deleted text": (inner) => `~~${inner}~~`,
  quote: (inner) => `> ${inner}`,
  "bullet list": (inner) => `- ${inner}`,
  "numbered list": (inner) => `1. ${inner}`,
  "task list": (inner) => `- [ ] ${inner}`,
  "table header": (inner) => `|${inner}|\n|-|`,
  "table cell": (inner) => `|a|\n|-|\n|${inner}|`,
  footnote: (inner) => `a[^1]\n\n[^1]: ${inner}`,
  "table in a quote in a list": (inner) => `- > |a|\n  > |-|\n  > |${inner}|`,
};

test.each(Object.entries(constructs))(
  "links and images in a %s follow the same rules as elsewhere",
  async (_name, around) => {
    const script = await markdown(around("[word](<javascript:alert(1)>)"));
    expect(script).toContain("<a>word</a>");
    expect(script).not.toMatch(/javascript/i);
    expect(await markdown(around("[word](https://evil.example)"))).toContain(
      '<a href="https://evil.example/" rel="noopener nofollow ugc">word</a>',
    );
    expect(await markdown(around("![word](/api/articles)"))).not.toContain("<img");
    expect(await markdown(around("![word](https://evil.example/a.png)"))).not.toContain("<img");
    expect(await markdown(around("![word](https://img.example.org/a.png)"))).toContain(
      'referrerpolicy="no-referrer"',
    );
  },
);

test.each(["<script>alert(1)</script>", '"onclick=x', "a&b", "x".repeat(100)])(
  "a language of %s is not a class of the code",
  async (language) => {
    const html = await markdown(`~~~~${language}\n1 < 2\n~~~~`);
    expect(html).toContain(">1 &#x3C; 2\n</code>");
    expect(html).not.toContain("language-");
  },
);

test("a link by reference follows the same rules", async () => {
  expect(await markdown("[word][1]\n\n[1]: javascript:alert(1)")).toContain("<a>word</a>");
});

/** Every tag that the renderer writes, with its allowed attributes. */
const allowedTag =
  /^<\/?(a|blockquote|br|code|del|em|h[1-6]|hr|img|input|li|ol|p|pre|section|span|strong|sup|table|tbody|td|th|thead|tr|ul)( (class|href|rel|id|align|type|checked|disabled|tabindex|start|title|src|alt|loading|decoding|referrerpolicy|data-footnote-ref|data-footnotes|data-footnote-backref|dir|aria-(label|describedby|labelledby))(="[^"<]*")?)*>$/;

test("for any text, the HTML has only the renderer's own tags, attributes and URLs", async () => {
  const hostile = fc.constantFrom(
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:x)",
    "<a href='",
    '"',
    "'",
    "`",
    "```html\n",
    "\n",
    "\n\n",
    "> ",
    "- ",
    "|",
    "|-|\n",
    "![",
    "](",
    ")",
    "[^1]",
    "[^1]: ",
    "<!--",
    "-->",
    "&lt;",
    "&#60;",
    "<svg/onload=x>",
    "style=x",
    "# ",
    "*",
    "~~",
    'http://a.example/"onclick=x',
    "- [ ] ",
    "\0",
    "\u2028",
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(hostile, fc.string({ maxLength: 6 })), { maxLength: 25 }),
      fc.array(fc.constantFrom(...Object.values(constructs)), { maxLength: 3 }),
      async (parts, around) => {
        const html = await markdown(around.reduce((text, wrap) => wrap(text), parts.join("")));
        for (const tag of html.match(/<[^>]*>?/g) ?? []) expect(tag).toMatch(allowedTag);
        for (const [, href = ""] of html.matchAll(/ (?:href|src)="([^"]*)"/g)) {
          expect(href).not.toMatch(/^\s*(javascript|data|vbscript):/i);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("a digest names text, kind, language and allowed hosts", () => {
  const other = createRenderer();
  const source = { kind: "markdown", text: "a" } as const;
  const digests = [
    renderer.digestOf(source),
    other.digestOf(source),
    renderer.digestOf({ kind: "markdown", text: "b" }),
    renderer.digestOf({ kind: "code", text: "a", language: "ts" }),
    renderer.digestOf({ kind: "code", text: "a", language: "py" }),
  ];
  expect(new Set(digests).size).toBe(digests.length);
  expect(renderer.digestOf({ ...source })).toBe(digests[0]);
});

test("the worker runs from the files that a standalone build carries", {
  timeout: 120_000, // copies thousands of files
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "inkwell-worker-"));
  try {
    for (const glob of workerFiles()) {
      const path = glob.includes("/**/") ? glob.replace("/**/*", "") : dirname(glob);
      cpSync(path, join(folder, path), { recursive: true });
    }
    const script = `const { Piscina } = require("piscina");
      const pool = new Piscina({ filename: process.cwd() + "/src/lib/rendering/text-worker.mjs", name: "renderText" });
      const bounds = { maxHtmlLength: 1e4, maxElements: 100, maxDepth: 100, imageHosts: [], id: 1 };
      pool.run({ kind: "markdown", text: "*a* \`\`\`", ...bounds }).then((html) => { process.stdout.write(html); return pool.destroy(); });`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: folder });
    expect(stdout).toBe("<p><em>a</em> ```</p>");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
