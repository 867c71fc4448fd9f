import { randomBytes } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { makeZip, type ZipEntry } from "../../../tests/support/hostile/make-zip.ts";
import { archiveLimits } from "./limits.ts";
import { unpackArchive } from "./unpack-archive.ts";

const unpack = (...entries: ZipEntry[]) => unpackArchive(makeZip(entries));

test("the Markdown files of an archive are unpacked with their folders; other, hidden and system files are left out", async () => {
  const files = await unpack(
    { name: "posts/" },
    { name: "posts/one.md", body: "# One\n\nText ✓" },
    { name: "picture.png", body: randomBytes(2_000) },
    { name: "__MACOSX/posts/._one.md", body: Buffer.from([0, 5, 22, 7]) },
    { name: ".git/notes.md", body: "Hidden" },
    { name: "posts/.draft.md", body: "Hidden" },
    { name: "old\\two.MARKDOWN", body: "Two" },
  );
  expect(files).toEqual([
    { name: "posts/one.md", body: "# One\n\nText ✓" },
    { name: "old/two.MARKDOWN", body: "Two" },
  ]);
});

test("a picture of any size is not inflated", async () => {
  const files = await unpack(
    { name: "huge.png", body: Buffer.alloc(archiveLimits.bytes * 5) },
    { name: "a.md", body: "Text" },
  );
  expect(files.map(({ name }) => name)).toEqual(["a.md"]);
});

const bomb = Buffer.alloc(400_000_000);

describe("an archive is refused with the reason", () => {
  test.each([
    ["when it is garbage", () => randomBytes(5_000), "not a .zip archive, or it is damaged"],
    ["when it is empty", () => Buffer.alloc(0), "not a .zip archive, or it is damaged"],
    [
      "when it is cut off",
      () => makeZip([{ name: "a.md", body: "Text" }]).subarray(0, -30),
      "damaged",
    ],
    [
      "when a file in it is damaged",
      () => makeZip([{ name: "a.md", body: "Text", packed: Buffer.alloc(40, 0xff) }]),
      "damaged",
    ],
    [
      "when it states fewer bytes than it has",
      () => makeZip([{ name: "a.md", body: "x".repeat(100_000), statedSize: 10 }]),
      "damaged",
    ],
    [
      "when it states more entries than it has",
      () => makeZip([{ name: "a.md", body: "Text" }], 3_000),
      "damaged",
    ],
    [
      "when it is encrypted",
      () => makeZip([{ name: "a.md", body: "Text", isEncrypted: true }]),
      "The archive is encrypted. Create it without a password.",
    ],
    ["when it has no Markdown", () => makeZip([{ name: "a.txt", body: "Text" }]), "no Markdown"],
    [
      "when a file is not text",
      () => makeZip([{ name: "a.md", body: Buffer.from([0xff, 0xfe, 0]) }]),
      "“a.md” in the archive is not UTF-8 text.",
    ],
    [
      "when a file has NUL characters",
      () => makeZip([{ name: "a.md", body: "a\0b" }]),
      "is not UTF-8 text",
    ],
    [
      "when it has too many entries",
      () => makeZip(Array.from({ length: archiveLimits.entries + 1 }, () => ({ name: "a.png" }))),
      "The archive has 5,001 entries. At most 5,000 are allowed.",
    ],
    [
      "when it has too many Markdown files",
      () => makeZip(Array.from({ length: archiveLimits.files + 1 }, () => ({ name: "a.md" }))),
      "more than 200 Markdown files",
    ],
    [
      "when a name is too long",
      () => makeZip([{ name: `${"folder/".repeat(40)}a.md`, body: "Text" }]),
      "longer than 200 characters",
    ],
    ...[
      "../a.md",
      "a/../../b.md",
      "/etc/a.md",
      "C:\\a.md",
      "..\\a.md",
      "a\n.md",
      "a\0.md",
      "../a.png",
    ].map((name): [string, () => Buffer, string] => [
      `when it has the name ${JSON.stringify(name)}`,
      () => makeZip([{ name, body: "Text" }]),
      "a file name that is not inside of it",
    ]),
  ] as const)("%s", async (_when, archive, reason) => {
    await expect(unpackArchive(archive())).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining(reason),
    });
  });

  test("when its Markdown files are too large together, without inflating the rest", async () => {
    const packed = deflateRawSync(bomb);
    expect(packed.length).toBeLessThan(archiveLimits.archiveBytes);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }, 1);
    const unpacking = unpack({ name: "a.md", packed, statedSize: bomb.length });
    await expect(unpacking).rejects.toThrow("more than 4 MB together");
    clearInterval(watch);
    expect(most).toBeLessThan(100_000_000);
  });

  test("when many files are too large only together", async () => {
    const body = "x".repeat(archiveLimits.bytes / 100);
    const entries = Array.from({ length: 101 }, (_, index) => ({ name: `${index}.md`, body }));
    await expect(unpack(...entries)).rejects.toThrow("more than 4 MB together");
    await expect(unpack(...entries.slice(1))).resolves.toHaveLength(100);
  });
});

test("the thread serves others while an archive is unpacked", async () => {
  let turns = 0;
  let isDone = false;
  const serve = () => {
    turns += 1;
    if (!isDone) setImmediate(serve);
  };
  setImmediate(serve);
  const entries = Array.from({ length: 100 }, (_, index) => ({
    name: `${index}.md`,
    body: "x".repeat(archiveLimits.bytes / 100),
  }));
  await unpack(...entries);
  isDone = true;
  expect(turns).toBeGreaterThan(100);
});
