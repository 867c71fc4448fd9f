/**
 * Smaller indexes, since every write pays for them. The index by channel has the hash of the name instead of the
 * name, so queries by channel name the hash too. The key has the transaction alone: the rows of one transaction are
 * few, and are sorted by position when they are read.
 */
export const leanIndexes = {
  version: 14,
  body: `
  create or replace function querycast.make_day(day integer) returns void
  language plpgsql security definer set search_path = pg_catalog
  as $$
  begin
    execute format('create table querycast.signals_%1$s (like querycast.signals, check (day = %1$s))', day);
    execute format('create index signals_%1$s_by_xid on querycast.signals_%1$s (xid)', day);
    execute format('create index signals_%1$s_by_channel on querycast.signals_%1$s
      (hashtextextended(channel, 0), xid)', day);
    -- Does not block writers and readers: there is no default partition to scan.
    execute format('alter table querycast.signals attach partition querycast.signals_%1$s
      for values in (%1$s)', day);
    insert into querycast.days (day) values (make_day.day);
  end
  $$;

  declare
    past integer;
  begin
    for past in select day from querycast.days loop
      execute format('alter table querycast.signals_%1$s drop constraint if exists signals_%1$s_pkey', past);
      execute format('drop index if exists querycast.signals_%1$s_by_channel', past);
      execute format('create index signals_%1$s_by_xid on querycast.signals_%1$s (xid)', past);
      execute format('create index signals_%1$s_by_channel on querycast.signals_%1$s
        (hashtextextended(channel, 0), xid)', past);
    end loop;
  end;
`,
} as const;
