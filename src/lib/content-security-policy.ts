import type { PublicBroker } from "./env.ts";

export interface PolicyOptions {
  /** Of this one answer; the scripts and styles Next writes into the page carry it. */
  readonly nonce: string;
  /** Where the page may open its socket. */
  readonly broker: PublicBroker | null;
  /** Whether the site is reached over https. */
  readonly secure: boolean;
  /** Whether signing in may lead to GitHub. */
  readonly github: boolean;
  /** Hosts that images may come from, over https; `*.` and a domain stands for all below it. */
  readonly imageHosts: readonly string[];
  /** React's development build evaluates code, and the bundler writes styles into the page. */
  readonly development: boolean;
}

/** What a page may load and reach: itself and the broker. Everything else is refused by the browser. */
export function contentSecurityPolicy(options: PolicyOptions): string {
  const { nonce, broker, secure, github, imageHosts, development } = options;
  const self = "'self'";
  const once = `'nonce-${nonce}'`;
  const socket = broker === null ? [] : [socketOrigin(broker, secure)];
  const directives: Readonly<Record<string, readonly string[]>> = {
    "default-src": ["'none'"],
    // What a script with the nonce loads is trusted with it; no host and no inline script is.
    "script-src": [once, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    "style-src": development ? [self, "'unsafe-inline'"] : [self, once],
    // Attributes can style their own element only: positions of menus, widths of columns.
    "style-src-attr": ["'unsafe-inline'"],
    "img-src": [self, "data:", ...imageHosts.map((host) => `https://${host}`)],
    "font-src": [self],
    "connect-src": [self, ...socket],
    "manifest-src": [self],
    // A browser follows a form through its redirects, and sign-in with GitHub is one.
    "form-action": [self, ...(github ? ["https://github.com"] : [])],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
    ...(secure ? { "upgrade-insecure-requests": [] } : {}),
  };
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(" "))
    .join("; ");
}

/** A page served over https opens no other socket. */
function socketOrigin({ host, port, tls }: PublicBroker, secure: boolean): string {
  return `${tls || secure ? "wss" : "ws"}://${host}:${port}`;
}
