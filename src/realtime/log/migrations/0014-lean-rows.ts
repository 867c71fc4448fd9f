/**
 * Rows that cost less, since every write pays for them:
 *
 * - The index by channel has the hash of the name instead of the name, so queries by channel name the hash too. The
 *   key has the transaction alone: its rows are few, and are sorted by position when they are read.
 * - The columns are of type text. `append_signals` casts what applications give to the domains, whose patterns are a
 *   third of the cost of a row. Triggers of captured tables make valid texts.
 */
export const leanRows = {
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

  alter table querycast.signals
    alter column channel type text collate "C", alter column name type text collate "C",
    alter column ids type text collate "C", alter column origin type text collate "C";

  create or replace function querycast.append_signals(signals json, idempotency_key text, origin text)
  returns boolean
  language plpgsql security definer set search_path = pg_catalog
  as $$
  declare
    own xid8;
  begin
    if idempotency_key is not null then
      -- Waits for a concurrent publish with the same key. If that commits, this one writes nothing.
      insert into querycast.idempotency_keys (key) values (idempotency_key) on conflict do nothing;
      if not found then return false; end if;
    end if;

    -- Assigned before the day is read, never after: see prune_signals.
    own := pg_current_xact_id();
    insert into querycast.signals (xid, channel, name, ids, origin, day)
    select own, signal.channel, signal.name, signal.ids, append_signals.origin::querycast.origin,
      coalesce(pg_sequence_last_value('querycast.today'::regclass), 0)
    from json_to_recordset(signals) as signal (
      channel querycast.channel_name, name querycast.signal_name, ids querycast.signal_ids);

    -- Read after the insert, never before: the relay switches notifications on and then polls until every
    -- transaction that already had its xid has ended, so a writer that read the switch as off is not missed.
    if coalesce(pg_sequence_last_value('querycast.relay_sleeps_until'::regclass), 0)
      > extract(epoch from clock_timestamp()) * 1000 then
      perform pg_notify('querycast', '');
    end if;
    return true;
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
