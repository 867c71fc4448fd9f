import { articleIdInput } from "@/features/articles/write/draft-schema.ts";
import { findDraft } from "@/features/articles/write/find-draft.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = articleIdInput.parse(params);
    return async (ctx) => {
      const draft = await findDraft(ctx, input);
      if (draft !== null) return draft;
      throw new AppError("not_found", "This article does not exist, or belongs to another author.");
    };
  });
}
