/** How a connection is encrypted, in the terms of libpq's `sslmode`, and the files that it names. */
export interface Tls {
  /**
   * `prefer` encrypts where the server offers it. `require` encrypts and does not verify the certificate, `verify-ca`
   * verifies who has signed it, `verify-full` its host name too.
   */
  readonly mode: "disable" | "prefer" | "require" | "verify-ca" | "verify-full";
  /** A file with the certificates of the authorities to trust. Not set: those that Node.js trusts. */
  readonly rootCertFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly passphrase?: string;
  /** TLS from the first byte, without asking the server first. Postgres 17 and newer. */
  readonly direct?: boolean;
}

/** A connection string, read by `parseConnectionString`. */
export interface ConnectionString {
  /** A host name, an IP address, or the folder of a Unix socket, which begins with `/`. */
  readonly host: string;
  /** Default 5432. */
  readonly port: number;
  readonly user: string;
  /** Empty where there is none. */
  readonly password: string;
  readonly database: string;
  readonly tls: Tls;
  /** Settings of Postgres from `options=-c name=value`. They are set after connecting, since poolers refuse them before. */
  readonly settings: Readonly<Record<string, string>>;
  /** What else `options` holds, e.g. `endpoint=…`, by which a provider's proxy finds the database. */
  readonly startupOptions?: string;
  readonly applicationName?: string;
  readonly connectTimeoutMs?: number;
  /** From Prisma's `connection_limit`. */
  readonly maxConnections?: number;
  /** From Prisma's `schema`. */
  readonly schema?: string;
  /** Whether the string says, by `pgbouncer=true`, that a pooler in transaction mode is in between. */
  readonly transactionPooler: boolean;
}

/** What the parser fills in, parameter by parameter. */
export type Draft = { -readonly [Key in keyof ConnectionString]?: ConnectionString[Key] } & {
  tlsMode?: Tls["mode"];
  tlsFiles: { -readonly [Key in Exclude<keyof Tls, "mode">]?: Tls[Key] };
};
