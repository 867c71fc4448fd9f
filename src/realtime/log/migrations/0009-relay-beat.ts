/**
 * The relay's heartbeat: every few seconds it records that everything is delivered, so that the processes that serve
 * clients can check that a relay works. A sequence, since its updates leave no dead rows. The value is milliseconds
 * since 1970 by the database's clock, 0 before the first heartbeat.
 */
export const relayBeat = {
  version: 11,
  body: `
  create sequence querycast.relay_beat_at minvalue 0 start 0;

  create function querycast.relay_beat() returns void
  language sql security definer set search_path = pg_catalog
  as $$
    select setval('querycast.relay_beat_at', (extract(epoch from clock_timestamp()) * 1000)::bigint)
  $$;

  create function querycast.relay_age_ms() returns bigint
  language sql security definer set search_path = pg_catalog
  as $$
    select case when last_value > 0
      then greatest(0, (extract(epoch from clock_timestamp()) * 1000)::bigint - last_value) end
    from querycast.relay_beat_at
  $$;

  revoke all on all functions in schema querycast from public;
`,
} as const;
