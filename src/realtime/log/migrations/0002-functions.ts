import { clusterIdentity } from "./cluster-identity.ts";

/**
 * The functions that applications call. Each runs as the owner of the log with a fixed search path, so a role that
 * may append has no rights on the tables.
 */
export const functions = {
  version: 2,
  body: `
  ${clusterIdentity}

  -- Identifies the log. It changes when the database is restored from a dump, cloned or promoted to another
  -- timeline, where the snapshots in old cursors are invalid.
  create function querycast.log_epoch() returns text
  language sql stable security definer set search_path = pg_catalog
  as $$
    select md5(concat_ws(' ',
      (select id from querycast.log),
      querycast.cluster_identity(),
      (select oid from pg_database where datname = current_database()),
      'querycast.signals'::regclass::oid))
  $$;

  create function querycast.append_signals(signals json, idempotency_key text, origin text)
  returns boolean
  language plpgsql security definer set search_path = pg_catalog
  as $$
  begin
    if idempotency_key is not null then
      -- Waits for a concurrent publish with the same key. If that commits, this one writes nothing.
      insert into querycast.idempotency_keys (key) values (idempotency_key) on conflict do nothing;
      if not found then return false; end if;
    end if;

    insert into querycast.signals (channel, name, ids, origin)
    select signal.channel, signal.name, signal.ids, append_signals.origin
    from json_to_recordset(signals) as signal (channel text, name text, ids text);

    -- Read after the insert, never before: the relay switches notifications on and then polls until every
    -- transaction that already had its xid has ended, so a writer that read the switch as off is not missed.
    if (select last_value from querycast.relay_sleeps_until)
      > extract(epoch from clock_timestamp()) * 1000 then
      perform pg_notify('querycast', '');
    end if;
    return true;
  end
  $$;

  -- After the commit, signals of the channel go to a wire name for which no earlier signature is valid.
  create function querycast.bump_access_epoch(channel text) returns integer
  language sql security definer set search_path = pg_catalog
  as $$
    insert into querycast.access_epochs as current (channel) values (bump_access_epoch.channel)
    on conflict (channel) do update set epoch = current.epoch + 1
    returning epoch
  $$;

  -- Zero switches notifications off. The switch of a crashed relay expires.
  create function querycast.relay_sleep(duration_ms integer) returns void
  language sql security definer set search_path = pg_catalog
  as $$
    select setval('querycast.relay_sleeps_until', case when duration_ms = 0 then 0
      else (extract(epoch from clock_timestamp()) * 1000)::bigint + duration_ms end)
  $$;

  -- Deletes old delivered rows, and raises the floor in the same transaction.
  create function querycast.prune_signals(max_age_ms bigint, max_rows integer) returns bigint
  language sql security definer set search_path = pg_catalog
  as $$
    with old as (
      select xid, position from (
        select xid, position, created_at from querycast.signals order by xid, position limit max_rows
      ) as oldest
      where created_at < now() - max_age_ms * interval '1 millisecond'
        and xid < (select pg_snapshot_xmin(position::pg_snapshot) from querycast.relay)
    ), deleted as (
      delete from querycast.signals using old
      where signals.xid = old.xid and signals.position = old.position
      returning signals.xid
    ), raised as (
      update querycast.log set floor = (select max(xid)::text::bigint + 1 from deleted)::text::xid8
      where exists (select from deleted)
    ), forgotten as (
      delete from querycast.idempotency_keys
      where key in (
        select key from querycast.idempotency_keys
        where created_at < now() - max_age_ms * interval '1 millisecond' limit max_rows
      )
    )
    select count(*) from deleted
  $$;

  revoke all on all functions in schema querycast from public;
`,
} as const;
