/** The nonce of a content security policy. Undefined for a policy without one. */
export const nonceOf = (policy: string): string | undefined => /'nonce-([^']+)'/.exec(policy)?.[1];
