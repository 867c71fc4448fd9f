/** Whether this process answers at all. Says nothing about its parts: restarting would not help them. */
export function GET(): Response {
  return Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } });
}
