import { z } from "zod";
import { cursorText } from "./text/typed-text.ts";

/** The part of a thread to read. Empty: its newest branches. */
export const commentWindow = z.object({
  /** Only branches older than this cursor. */
  before: cursorText().optional(),
  /** The branch of this comment, and the branches before it. */
  around: z.uuid().optional(),
  /** Only the replies of this top-level comment. */
  branch: z.uuid().optional(),
});
export type CommentWindow = z.infer<typeof commentWindow>;
