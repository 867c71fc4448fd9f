/**
 * Returns the path of a URL on this site, and "/" for any other value, so that a sign-in link cannot
 * redirect to another site.
 */
export function toLocalPath(wanted: unknown, siteUrl: string): string {
  if (typeof wanted !== "string" || !URL.canParse(wanted, siteUrl)) return "/";
  const url = new URL(wanted, siteUrl);
  if (url.origin !== new URL(siteUrl).origin) return "/";
  const path = `${url.pathname}${url.search}${url.hash}`;
  // A path that starts with two slashes names another host.
  return path.startsWith("//") ? "/" : path;
}
