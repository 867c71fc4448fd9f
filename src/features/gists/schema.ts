import { z } from "zod";
import type { RenderedText, StoredRendering } from "@/lib/rendering/rendered-text.ts";
import { cursorText, typedText } from "@/lib/text/typed-text.ts";
import {
  contentLength,
  descriptionLength,
  filenameLength,
  filesPerGist,
  titleLength,
} from "./limits.ts";

export interface GistFile {
  readonly id: string;
  readonly filename: string;
  readonly lines: number;
  readonly text: RenderedText;
}

interface GistHead {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly isPrivate: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly owner: { readonly id: string; readonly handle: string; readonly name: string };
}

/** A gist on its own page. Times are ISO 8601. */
export interface Gist extends GistHead {
  readonly files: readonly GistFile[];
}

/** A gist before its files are rendered. */
export interface GistSource extends GistHead {
  readonly files: readonly {
    readonly id: string;
    readonly filename: string;
    readonly language: string;
    readonly content: string;
    readonly rendering: StoredRendering | null;
  }[];
}

/** A gist in a list. */
export interface GistEntry extends GistHead {
  readonly filenames: readonly string[];
  readonly commentCount: number;
}

/** A gist for editing by its owner. */
export type GistDraft = Pick<Gist, "id" | "title" | "description" | "isPrivate" | "updatedAt"> & {
  readonly files: readonly { readonly filename: string; readonly content: string }[];
};

const file = z.object({
  filename: typedText()
    .trim()
    .min(1, { error: "Enter a file name, for example notes.md." })
    .max(filenameLength, { error: `A file name has at most ${filenameLength} characters.` })
    .regex(/^[^/\\\p{Cc}]+$/u, { error: "A file name cannot contain slashes." }),
  content: typedText().refine((content) => content.trim() !== "", { error: "This file is empty." }),
});

const gistFields = {
  gistId: z.uuid(),
  title: typedText()
    .trim()
    .min(1, { error: "Enter a title." })
    .max(titleLength, { error: `A title has at most ${titleLength} characters.` }),
  description: typedText()
    .trim()
    .max(descriptionLength, {
      error: `A description has at most ${descriptionLength} characters.`,
    }),
  isPrivate: z.boolean(),
  files: z
    .array(file)
    .min(1, { error: "A gist has at least one file." })
    .max(filesPerGist, { error: `A gist has at most ${filesPerGist} files.` })
    .check(({ value, issues }) => {
      const names = value.map(({ filename }) => filename);
      names.forEach((name, index) => {
        if (names.indexOf(name) === index) return;
        issues.push({
          code: "custom",
          input: name,
          path: [index, "filename"],
          message: "Another file has this name.",
        });
      });
      const length = value.reduce((sum, { content }) => sum + content.length, 0);
      if (length <= contentLength) return;
      const limit = contentLength.toLocaleString("en");
      const message = `All files together have ${length.toLocaleString("en")} characters, ${limit} are allowed. Shorten a file.`;
      issues.push({ code: "custom", input: value, path: [], message });
    }),
};

export const createGistInput = z.object(gistFields);
export type CreateGistInput = z.infer<typeof createGistInput>;

/** `updatedAt` is the version that was edited. A newer version is not overwritten. */
export const updateGistInput = z.object({ ...gistFields, updatedAt: z.iso.datetime() });
export type UpdateGistInput = z.infer<typeof updateGistInput>;

export const deleteGistInput = z.object({ gistId: z.uuid() });
export type DeleteGistInput = z.infer<typeof deleteGistInput>;

export const gistsPerPage = 20;

export const listGistsInput = z.object({
  /** Only gists of this person. The private ones are listed for that person alone. */
  ownerId: z.uuid().optional(),
  after: cursorText().optional(),
});
export type ListGistsInput = z.infer<typeof listGistsInput>;
