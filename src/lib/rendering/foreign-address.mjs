/**
 * Stand for this site, whatever its name: an address that resolves to them names one of its own routes. Both
 * schemes, since `http:x` is a path of a site over http, and another host for one over https.
 */
const ownHost = "own.invalid";
const linkSchemes = new Set(["http:", "https:", "mailto:"]);
const bases = [`https://${ownHost}/`, `http://${ownHost}/`];

/**
 * The address as a browser would resolve it, or null when a browser could not. Browsers read `\` as `/`,
 * drop tabs and line breaks, and ignore case in schemes and hosts; `URL` does the same.
 *
 * @param {unknown} address
 * @returns {URL | null}
 */
function resolve(address) {
  try {
    const urls = bases.map((base) => new URL(String(address ?? ""), base));
    return urls.find(({ host }) => host !== ownHost) ?? urls[0] ?? null;
  } catch {
    return null;
  }
}

/**
 * The properties of a link. A link to another site, in any spelling, says that this site does not vouch
 * for it.
 *
 * @param {Record<string, unknown>} properties
 * @returns {Record<string, unknown>}
 */
export function linkOf(properties) {
  const { href, ...others } = properties;
  if (href === undefined) return others;
  const url = resolve(href);
  if (url === null || !linkSchemes.has(url.protocol)) return others;
  if (url.host === ownHost) return properties;
  return { ...others, href: url.href, rel: ["noopener", "nofollow", "ugc"] };
}

/**
 * An image where its host is allowed, and a note in its place elsewhere. An image of this site's own
 * routes is never loaded: each load would be a request in the reader's name.
 *
 * @param {Record<string, unknown>} properties
 * @param {readonly string[]} imageHosts
 */
export function imageOf({ src, alt, title }, imageHosts) {
  const url = resolve(src);
  const isForeign = url !== null && /^https?:$/.test(url.protocol) && url.host !== ownHost;
  if (isForeign && url.protocol === "https:" && isAllowed(url, imageHosts)) {
    return element("img", {
      src: url.href,
      alt: String(alt ?? ""),
      ...(title && { title: String(title) }),
      loading: "lazy",
      decoding: "async",
      referrerPolicy: "no-referrer",
    });
  }
  const why = isForeign
    ? `this site does not show images from ${url.host}`
    : "this site shows no images of its own pages";
  const name = String(alt || "Image");
  return element("span", { className: ["image-not-shown"] }, [
    isForeign ? element("a", linkOf({ href: url.href }), [text(name)]) : text(name),
    text(` (image not shown: ${why})`),
  ]);
}

/** `*.example.org` allows every name below example.org, as in a content security policy. */
function isAllowed({ host }, imageHosts) {
  return imageHosts.some((allowed) =>
    allowed.startsWith("*.") ? host.endsWith(allowed.slice(1)) : host === allowed,
  );
}

const text = (value) => ({ type: "text", value });

const element = (tagName, properties, children = []) => ({
  type: "element",
  tagName,
  properties,
  children,
});
