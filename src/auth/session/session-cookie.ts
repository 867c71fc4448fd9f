export interface SessionCookie {
  readonly name: string;
  readonly options: {
    readonly httpOnly: true;
    readonly sameSite: "lax";
    readonly path: "/";
    readonly secure: boolean;
  };
}

/** The cookie with the session token: not readable by scripts and, on an https site, never sent over http. */
export function sessionCookie(siteUrl: string): SessionCookie {
  const secure = new URL(siteUrl).protocol === "https:";
  return {
    name: `${secure ? "__Secure-" : ""}inkwell.session`,
    options: { httpOnly: true, sameSite: "lax", path: "/", secure },
  };
}

/** Reads one cookie of a request. */
export function readCookie(headers: Pick<Headers, "get">, name: string): string | undefined {
  const pairs = headers.get("cookie")?.split(";") ?? [];
  const pair = pairs.map((each) => each.trim()).find((each) => each.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}
