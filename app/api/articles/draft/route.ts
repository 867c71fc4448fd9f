import { articleIdInput } from "@/features/articles/draft-schema.ts";
import { findDraft } from "@/features/articles/find-draft.ts";
import { AppError } from "@/lib/app-error.ts";
import { jsonRoute, searchParamsOf } from "@/lib/json-route.ts";
import { readAsViewer } from "@/wiring/context.ts";

export function GET(request: Request): Promise<Response> {
  return jsonRoute(async () => {
    const input = articleIdInput.parse(searchParamsOf(request));
    const draft = await readAsViewer((ctx) => findDraft(ctx, input));
    if (draft === null) {
      throw new AppError("not_found", "This article is gone, or is somebody else’s.");
    }
    return draft;
  });
}
