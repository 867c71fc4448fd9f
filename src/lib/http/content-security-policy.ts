import type { PublicBroker } from "../env/broker.ts";

export interface PolicyOptions {
  /** Unique per response. The scripts and styles that Next writes into the page have it. */
  readonly nonce: string;
  /** The broker that the page may connect to. */
  readonly broker: PublicBroker | null;
  /** Whether the site is reached over https. */
  readonly secure: boolean;
  /** Whether signing in may lead to GitHub. */
  readonly github: boolean;
  /** Hosts that images may come from, over https; `*.` before a domain includes its subdomains. */
  readonly imageHosts: readonly string[];
  /** Development only: React evaluates code, and the bundler inserts inline styles. */
  readonly development: boolean;
}

/** The content security policy of a page. It allows the site itself and the broker. */
export function contentSecurityPolicy(options: PolicyOptions): string {
  const { nonce, broker, secure, github, imageHosts, development } = options;
  const self = "'self'";
  const once = `'nonce-${nonce}'`;
  const socket = broker === null ? [] : [socketOrigin(broker, secure)];
  const directives: Readonly<Record<string, readonly string[]>> = {
    "default-src": ["'none'"],
    // `strict-dynamic` trusts what a script with the nonce loads. Hosts and inline scripts are not trusted.
    "script-src": [once, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    "style-src": development ? [self, "'unsafe-inline'"] : [self, once],
    // A style attribute affects its own element only: positions of menus, widths of columns.
    "style-src-attr": ["'unsafe-inline'"],
    "img-src": [self, "data:", ...imageHosts.map((host) => `https://${host}`)],
    "font-src": [self],
    "connect-src": [self, ...socket],
    "manifest-src": [self],
    // Browsers apply form-action to redirects too, and sign-in with GitHub is a redirect.
    "form-action": [self, ...(github ? ["https://github.com"] : [])],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
    ...(secure ? { "upgrade-insecure-requests": [] } : {}),
  };
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(" "))
    .join("; ");
}

/** A page served over https can open secure sockets only. */
function socketOrigin({ host, port, tls }: PublicBroker, secure: boolean): string {
  return `${tls || secure ? "wss" : "ws"}://${host}:${port}`;
}
