import { z } from "zod";
import { limitedRoute } from "@/wiring/routes/limited-route.ts";
import { readGist } from "../../../read-gist.ts";

const paramsSchema = z.object({ id: z.uuid() });

export function GET(
  request: Request,
  { params }: RouteContext<"/api/gists/[id]">,
): Promise<Response> {
  return limitedRoute(request, async () => readGist(paramsSchema.parse(await params)));
}
