import NextLink from "next/link";
import type { ComponentProps } from "react";

/**
 * A link to a page of this site. It does not prefetch the page when it becomes visible: each page depends on who
 * reads it, so a prefetch carries no content, and still costs the server a request. See decision 43.
 */
export function Link(props: Omit<ComponentProps<typeof NextLink>, "prefetch">) {
  return <NextLink prefetch={false} {...props} />;
}
