import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { readSource, shippedFiles } from "./source-files.ts";

/*
 * When another account, or none, is signed in, the server refuses every action of a page. Its components disable or
 * hide what would call one: by `ActionButton`, or by `useCanAct`.
 */

/** Calls of a server action, or of the route that asks the analyst. */
const calls = /\b(unwrapAction|callAction)\(|\bfetch\("\/api\/analyst"/;
const guards = /<ActionButton\b|\buseCanAct\(\)/;
/** Defines the functions that call actions. */
const definition = "src/lib/errors/unwrap-action.ts";

/** Components and hooks that need no guard. */
const exceptions: Readonly<Record<string, string>> = {
  "src/features/account/components/account-form.tsx": "signs in and up, without an account",
  "src/features/account/components/demo-sign-in.tsx": "signs in, without an account",
  "src/features/account/components/account-menu.tsx": "signs out, which needs no current account",
  "src/features/articles/editor/use-draft-saver.ts": "saves by itself, and by `EditorBar`",
  "src/features/articles/editor/use-publishing.ts": "its buttons are in `EditorBar`",
  "src/features/desk/components/use-mark-seen.ts": "marks messages as seen without a button",
};

type Sources = ReadonlyMap<string, string>;

/** The files that import values from this one. */
function importersOf(file: string, sources: Sources): readonly string[] {
  return [...sources].flatMap(([importer, text]) => {
    const imported = [...text.matchAll(/^import (?!type\b)[^;]*? from "([^"]+)";/gms)].map(
      ([, from = ""]) =>
        from.startsWith("@/") ? join("src", from.slice(2)) : join(dirname(importer), from),
    );
    return imported.includes(file) ? [importer] : [];
  });
}

/** The components that call an action, themselves or by a hook, while neither they nor all their parents are guarded. */
function unguarded(sources: Sources): readonly string[] {
  const open = (file: string): readonly string[] => {
    if (guards.test(sources.get(file) ?? "") || file in exceptions) return [];
    const importers = importersOf(file, sources);
    const found = importers.flatMap(open);
    const isTop = importers.length === 0 || importers.some((each) => /\/page\.tsx$/.test(each));
    // A component is named itself; a hook by the components that use it.
    return isTop || (found.length > 0 && file.endsWith(".tsx")) ? [file] : found;
  };
  const callers = [...sources].filter(([file, text]) => file !== definition && calls.test(text));
  return [...new Set(callers.flatMap(([file]) => open(file)))].sort();
}

const sources = new Map(
  shippedFiles()
    .filter((file) => !file.startsWith("src/realtime"))
    .map((file) => [file, readSource(file)]),
);

test("each component that calls a server action disables or hides it while the page cannot act", () => {
  expect(unguarded(sources)).toEqual([]);
  const callers = [...sources.values()].filter((text) => calls.test(text));
  expect(callers.length).toBeGreaterThan(35);
});

test("each exception names a file that calls an action, itself or by a hook", () => {
  const hooks = [...sources].filter(([file, text]) => file !== definition && calls.test(text));
  const users = hooks.flatMap(([file]) => [file, ...importersOf(file, sources)]);
  expect(Object.keys(exceptions).filter((file) => !users.includes(file))).toEqual([]);
});

const hook = "const useSave = () => useMutation(() => unwrapAction((stamp) => saveAction(stamp)));";
const useHook = 'import { useSave } from "./use-save.ts";\n';
const view = 'import { Save } from "./save.tsx";\n';
const files = (more: Readonly<Record<string, string>>): Sources =>
  new Map(Object.entries({ "src/a/use-save.ts": hook, ...more }));

test.each([
  [{ "src/a/save.tsx": `${useHook}<Button />` }, ["src/a/save.tsx"]],
  [
    { "src/a/save.tsx": useHook, "app/a/page.tsx": 'import { Save } from "@/a/save.tsx";' },
    ["src/a/save.tsx"],
  ],
  [{ "src/a/save.tsx": useHook, "src/a/view.tsx": `${view}<p />` }, ["src/a/save.tsx"]],
  [
    {
      "src/a/save.tsx": useHook,
      "src/a/view.tsx": `${view}useCanAct()`,
      "src/a/other.tsx": `${view}<p />`,
    },
    ["src/a/save.tsx"],
  ],
])("the law finds %j", (more, found) => {
  expect(unguarded(files(more))).toEqual(found);
});

const guarded: readonly Readonly<Record<string, string>>[] = [
  { "src/a/save.tsx": `${useHook}<ActionButton />` },
  { "src/a/save.tsx": `${useHook}const canAct = useCanAct();` },
  { "src/a/save.tsx": useHook, "src/a/view.tsx": `${view}const canAct = useCanAct();` },
];

test.each(guarded)("the law accepts %j", (more) => {
  expect(unguarded(files(more))).toEqual([]);
});
