type ShortcutAct =
  | { readonly type: "go"; readonly path: string }
  | { readonly type: "step"; readonly by: 1 | -1 }
  | { readonly type: "write" }
  | { readonly type: "help" };

export interface Shortcut {
  /** One key, or two in sequence, as `KeyboardEvent.key`. */
  readonly keys: readonly [string] | readonly [string, string];
  readonly title: string;
  readonly act: ShortcutAct;
  /** Who can use it. Default: everyone. */
  readonly only?: "members" | "authors";
}

const go = (key: string, title: string, path: string, only?: Shortcut["only"]): Shortcut => ({
  keys: ["g", key],
  title,
  act: { type: "go", path },
  ...(only && { only }),
});

const shortcuts: readonly Shortcut[] = [
  go("h", "Home page", "/"),
  go("g", "Gists", "/gists"),
  go("n", "Notifications", "/notifications", "members"),
  go("b", "Bookmarks", "/bookmarks", "members"),
  go("d", "Dashboard", "/dashboard", "authors"),
  { keys: ["n"], title: "Next comment", act: { type: "step", by: 1 } },
  { keys: ["p"], title: "Previous comment", act: { type: "step", by: -1 } },
  { keys: ["c"], title: "Write a comment", act: { type: "write" } },
  { keys: ["?"], title: "Show shortcuts", act: { type: "help" } },
];

/** The shortcuts for a role; `null` when signed out. */
export function shortcutsFor(role: "reader" | "author" | "admin" | null): readonly Shortcut[] {
  return shortcuts.filter(({ only }) => {
    if (only === "members") return role !== null;
    return only === undefined || role === "author" || role === "admin";
  });
}
