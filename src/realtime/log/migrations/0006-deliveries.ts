/**
 * What an operator needs to follow one signal: who wrote it, and with which page it left.
 *
 * Neither costs the hot path a statement. The correlation id is a setting of the writing transaction,
 * which the column's default reads, so that signals of triggers carry it too; it never travels. A page
 * is noted by the statement that moves the relay's place, one row for however many signals.
 */
export const deliveries = {
  version: 8,
  body: `
  alter table querycast.signals add column correlation text
    default left(nullif(current_setting('querycast.correlation', true), ''), 64);

  -- A signal left with the page whose snapshots it lies between: exact, whatever clocks do.
  create table querycast.deliveries (
    page bigint generated always as identity primary key,
    log_epoch text not null,
    since pg_snapshot not null,
    until pg_snapshot not null,
    signals integer not null,
    -- Of them those whose kind of channel was switched off.
    withheld integer not null,
    frames integer not null,
    -- Readings that it took until the broker had accepted all.
    attempts integer not null,
    read_at timestamptz not null,
    accepted_at timestamptz not null
  );
  create index deliveries_by_xid on querycast.deliveries (pg_snapshot_xmax(until));

  -- All before the position is delivered.
  create function querycast.save_delivery(
    log_epoch text, since text, until text, signals integer, withheld integer, frames integer,
    attempts integer, took_ms integer
  ) returns void
  language sql security definer set search_path = pg_catalog
  as $$
    update querycast.relay set log_epoch = save_delivery.log_epoch, position = save_delivery.until;
    insert into querycast.deliveries
      (log_epoch, since, until, signals, withheld, frames, attempts, read_at, accepted_at)
    values (save_delivery.log_epoch, save_delivery.since::pg_snapshot, save_delivery.until::pg_snapshot,
      save_delivery.signals, save_delivery.withheld, save_delivery.frames, save_delivery.attempts,
      clock_timestamp() - took_ms * interval '1 millisecond', clock_timestamp())
  $$;

  -- There are at most as many pages as signals, and they are kept as long.
  create function querycast.prune_deliveries(max_age_ms bigint, max_rows integer) returns void
  language sql security definer set search_path = pg_catalog
  as $$
    delete from querycast.deliveries where page in (
      select page from (select page, accepted_at from querycast.deliveries order by page limit max_rows)
        as oldest
      where accepted_at < now() - max_age_ms * interval '1 millisecond')
  $$;

  revoke all on all functions in schema querycast from public;
`,
} as const;
