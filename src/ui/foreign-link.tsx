import type { ReactNode } from "react";

interface ForeignLinkProps {
  /** An address that a person or a feed has entered. Its schema allows http and https only. */
  readonly href: string;
  readonly children: ReactNode;
}

/** A link to an address that people entered. Its `rel` says that this site does not endorse it. */
export function ForeignLink({ href, children }: ForeignLinkProps) {
  return (
    <a href={href} rel="noopener noreferrer nofollow ugc" className="text-link">
      {children}
    </a>
  );
}
