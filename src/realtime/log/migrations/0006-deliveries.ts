/**
 * Data for tracing a signal: the request that wrote it and the page that delivered it.
 *
 * Neither needs another statement. The correlation id is a setting of the writing transaction, which the column's
 * default reads, so that signals of triggers have it too; it is never sent. The statement that saves the relay's
 * position also inserts one row per page.
 */
export const deliveries = {
  version: 8,
  body: `
  alter table querycast.signals add column correlation text
    default left(nullif(current_setting('querycast.correlation', true), ''), 64);

  -- A signal belongs to the page whose snapshots enclose its transaction, independent of clocks.
  create table querycast.deliveries (
    page bigint generated always as identity primary key,
    log_epoch text not null,
    since pg_snapshot not null,
    until pg_snapshot not null,
    signals integer not null,
    -- Signals not published because their kind or phase was switched off.
    withheld integer not null,
    frames integer not null,
    -- How often the page was read until the broker accepted all of it.
    attempts integer not null,
    read_at timestamptz not null,
    accepted_at timestamptz not null
  );
  create index deliveries_by_xid on querycast.deliveries (pg_snapshot_xmax(until));

  -- Saves that everything before the position is delivered, and the record of its last page.
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

  -- Pages are kept as long as signals, and there are at most as many.
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
