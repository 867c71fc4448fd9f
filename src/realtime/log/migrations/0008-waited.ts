/**
 * With a limit on a channel, signals of one page are sent in several frames over time. Which of them shared a frame is
 * not recorded; the column marks such pages.
 *
 * The parameter has a default, so that a relay of the previous build keeps working during the deployment.
 */
export const waited = {
  version: 10,
  body: `
  alter table querycast.deliveries add column waited boolean not null default false;

  drop function querycast.save_delivery(text, text, text, integer, integer, integer, integer, integer);
  create function querycast.save_delivery(
    log_epoch text, since text, until text, signals integer, withheld integer, frames integer,
    attempts integer, took_ms integer, waited boolean default false
  ) returns void
  language sql security definer set search_path = pg_catalog
  as $$
    update querycast.relay set log_epoch = save_delivery.log_epoch, position = save_delivery.until;
    insert into querycast.deliveries
      (log_epoch, since, until, signals, withheld, frames, attempts, read_at, accepted_at, waited)
    values (save_delivery.log_epoch, save_delivery.since::pg_snapshot, save_delivery.until::pg_snapshot,
      save_delivery.signals, save_delivery.withheld, save_delivery.frames, save_delivery.attempts,
      clock_timestamp() - took_ms * interval '1 millisecond', clock_timestamp(), save_delivery.waited)
  $$;

  revoke all on all functions in schema querycast from public;
`,
} as const;
