import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** Files of these folders, as paths from the root of the repository. */
export function filesIn(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
      join(folder, name),
    ),
  );
}

/** The TypeScript files of library and site, without tests. */
export const shippedFiles = (): readonly string[] =>
  filesIn("src", "app").filter((file) => /\.tsx?$/.test(file) && !/\.test(-d)?\.tsx?$/.test(file));

/** The text of a file of the repository. */
export const readSource = (file: string): string => readFileSync(join(root, file), "utf8");
