import { clusterIdentity } from "./cluster-identity.ts";

/** Supports providers that deny the functions that read the control file. */
export const refusedControl = {
  version: 12,
  body: `
  ${clusterIdentity}

  create or replace function querycast.log_epoch() returns text
  language sql stable security definer set search_path = pg_catalog
  as $$
    select md5(concat_ws(' ',
      (select id from querycast.log),
      querycast.cluster_identity(),
      (select oid from pg_database where datname = current_database()),
      'querycast.log'::regclass::oid))
  $$;

  revoke all on function querycast.cluster_identity() from public;
`,
} as const;
