import { submissionInput } from "@/features/submissions/schema.ts";
import { searchParamsOf } from "@/lib/http/request-input.ts";
import { limitedRoute } from "@/wiring/routes/limited-route.ts";
import { readSubmission } from "../../../read-submission.ts";

export function GET(request: Request): Promise<Response> {
  return limitedRoute(request, async () =>
    readSubmission(submissionInput.parse(searchParamsOf(request))),
  );
}
