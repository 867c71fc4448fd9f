/**
 * Where to go after signing in: the path of an address on this site, and the front page for every
 * other, so that a link cannot send people elsewhere with our name on it.
 */
export function toLocalPath(wanted: unknown, siteUrl: string): string {
  if (typeof wanted !== "string" || !URL.canParse(wanted, siteUrl)) return "/";
  const url = new URL(wanted, siteUrl);
  if (url.origin !== new URL(siteUrl).origin) return "/";
  const path = `${url.pathname}${url.search}${url.hash}`;
  // A path that starts with two slashes would be read as another host.
  return path.startsWith("//") ? "/" : path;
}
