/** TLS settings of a connection, in the terms of libpq. */
export interface Tls {
  /**
   * `prefer` encrypts when the server supports it. `require` encrypts without verifying the certificate. `verify-ca`
   * verifies the certificate's issuer, `verify-full` also its host name.
   */
  readonly mode: "disable" | "prefer" | "require" | "verify-ca" | "verify-full";
  /** Path of the trusted CA certificates. Default: the CAs that Node.js trusts. */
  readonly rootCertFile?: string;
  /** Path of the client certificate. */
  readonly certFile?: string;
  /** Path of the client certificate's key. */
  readonly keyFile?: string;
  /** Passphrase of the key. */
  readonly passphrase?: string;
  /** Starts TLS without the negotiation of Postgres. Postgres 17 and newer. */
  readonly direct?: boolean;
}

/** A parsed connection string: the result of `parseConnectionString`. */
export interface ConnectionString {
  /** Host name, IP address, or directory of a Unix socket, which begins with `/`. */
  readonly host: string;
  /** Default 5432. */
  readonly port: number;
  readonly user: string;
  /** Empty when the string has none. */
  readonly password: string;
  readonly database: string;
  readonly tls: Tls;
  /** Postgres settings from `options=-c name=value`. Set them after connecting: poolers refuse them at start-up. */
  readonly settings: Readonly<Record<string, string>>;
  /** The rest of `options`, e.g. `endpoint=…`, by which a provider's proxy selects the database. */
  readonly startupOptions?: string;
  readonly applicationName?: string;
  readonly connectTimeoutMs?: number;
  /** From Prisma's `connection_limit`. */
  readonly maxConnections?: number;
  /** From Prisma's `schema`. */
  readonly schema?: string;
  /** True when the string has `pgbouncer=true`: connections go through a pooler in transaction mode. */
  readonly transactionPooler: boolean;
}

/** Intermediate result of the parser. */
export type Draft = { -readonly [Key in keyof ConnectionString]?: ConnectionString[Key] } & {
  tlsMode?: Tls["mode"];
  tlsFiles: { -readonly [Key in Exclude<keyof Tls, "mode">]?: Tls[Key] };
};
