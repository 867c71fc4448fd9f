import { z } from "zod";
import { getGist } from "@/features/gists/get-gist.ts";
import { jsonRoute } from "@/lib/json-route.ts";
import { readAsViewer } from "@/wiring/context.ts";

const paramsSchema = z.object({ id: z.uuid() });

export function GET(_: Request, { params }: RouteContext<"/api/gists/[id]">): Promise<Response> {
  return jsonRoute(async () => {
    const input = paramsSchema.parse(await params);
    return readAsViewer((ctx) => getGist(ctx, input));
  });
}
