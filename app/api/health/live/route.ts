/**
 * Liveness: whether this process answers. It does not check the database or the broker, because a restart
 * would not repair those.
 */
export function GET(): Response {
  return Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } });
}
