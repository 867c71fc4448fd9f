import { z } from "zod";
import { getGist } from "@/features/gists/get-gist.ts";
import { readRoute } from "@/wiring/read-route.ts";

const paramsSchema = z.object({ id: z.uuid() });

export function GET(
  request: Request,
  { params }: RouteContext<"/api/gists/[id]">,
): Promise<Response> {
  return readRoute(request, async () => {
    const input = paramsSchema.parse(await params);
    return (ctx) => getGist(ctx, input);
  });
}
