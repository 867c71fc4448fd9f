/**
 * Retention by dropping partitions. `querycast.signals` has one partition per day. A day is a number stored in the
 * rows, not a span of clock time: `querycast.today` is the day that is written now, and `prune_signals` starts the
 * next one, at most once in 24 hours.
 *
 * A clock that jumps, a transaction that is open over midnight and a relay that stops for a week therefore never
 * produce a row without a partition. Writers take their transaction id before they read the day, so a day that has
 * ended has a last transaction id, and readers of later rows skip its partition.
 *
 * The existing table becomes day 0, in three steps, so that no statement holds a lock while it checks all rows.
 */
export const prepareDays = {
  version: 4,
  body: `
  alter table querycast.signals add column day integer not null default 0;
  alter table querycast.signals add constraint signals_0_day check (day = 0) not valid;
`,
} as const;

/** Scans the table without blocking writers and readers. Attaching it as a partition then needs no scan. */
export const checkDayZero = {
  version: 5,
  body: "alter table querycast.signals validate constraint signals_0_day;",
} as const;

export const days = {
  version: 6,
  body: `
  -- A sequence, which is outside of MVCC: writers read the current value without a lock.
  create sequence querycast.today minvalue 0 start 0;
  create table querycast.days (
    day integer primary key,
    -- Null: created in advance.
    began_at timestamptz,
    -- Null: has not ended.
    ended_at timestamptz,
    first_position bigint,
    last_position bigint,
    -- Upper bound, exclusive, of its transaction ids. Null: not known yet.
    end_xid xid8
  );

  lock table querycast.signals in access exclusive mode;
  -- Earlier epochs in cursors were computed from the table's oid.
  alter table querycast.log add column former_epoch text;
  update querycast.log set former_epoch = querycast.log_epoch();

  create sequence querycast.signal_positions;
  perform setval('querycast.signal_positions', last_value, is_called)
    from querycast.signals_position_seq;
  alter table querycast.signals alter column position drop identity;
  alter table querycast.signals rename to signals_0;
  alter index querycast.signals_pkey rename to signals_0_pkey;
  alter index querycast.signals_by_channel rename to signals_0_by_channel;

  -- For rows written without append_signals. The argument makes the transaction id be assigned first.
  create function querycast.this_day(own xid8) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog
  as $$
  begin
    return (select last_value from querycast.today);
  end
  $$;

  -- No key or index here: each partition has its own, and a key of the parent must contain the day.
  create table querycast.signals (
    xid xid8 not null default pg_current_xact_id(),
    position bigint not null default nextval('querycast.signal_positions'),
    created_at timestamptz not null default now(),
    channel querycast.channel_name not null,
    name querycast.signal_name not null,
    ids querycast.signal_ids,
    origin querycast.origin,
    day integer not null default querycast.this_day(pg_current_xact_id())
  ) partition by list (day);
  alter sequence querycast.signal_positions owned by querycast.signals.position;
  alter table querycast.signals attach partition querycast.signals_0 for values in (0);
  insert into querycast.days (day, began_at, first_position) values (0, now(), coalesce(
    (select position from querycast.signals order by xid, position limit 1), 1));

  -- Copies the rights of the former table, so that roles can read before grants run again.
  declare
    statement text;
  begin
    for statement in
      select format('grant %s on querycast.signals to %I', privilege_type, rolname)
      from pg_class cross join aclexplode(relacl) as entry
      join pg_roles on pg_roles.oid = entry.grantee
      where pg_class.oid = 'querycast.signals_0'::regclass
        and privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    loop
      execute statement;
    end loop;
  end;

  create or replace function querycast.log_epoch() returns text
  language sql stable security definer set search_path = pg_catalog
  as $$
    select md5(concat_ws(' ',
      (select id from querycast.log),
      querycast.cluster_identity(),
      (select oid from pg_database where datname = current_database()),
      'querycast.log'::regclass::oid))
  $$;

  create function querycast.make_day(day integer) returns void
  language plpgsql security definer set search_path = pg_catalog
  as $$
  begin
    execute format('create table querycast.signals_%1$s (
      like querycast.signals, primary key (xid, position), check (day = %1$s))', day);
    execute format('create index signals_%1$s_by_channel on querycast.signals_%1$s (channel, xid)', day);
    -- Does not block writers and readers: there is no default partition to scan.
    execute format('alter table querycast.signals attach partition querycast.signals_%1$s
      for values in (%1$s)', day);
    insert into querycast.days (day) values (make_day.day);
  end
  $$;
  perform querycast.make_day(1);

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
    select own, signal.channel, signal.name, signal.ids, append_signals.origin, today.last_value
    from querycast.today cross join
      json_to_recordset(signals) as signal (channel text, name text, ids text);

    -- Read after the insert, never before: the relay switches notifications on and then polls until every
    -- transaction that already had its xid has ended, so a writer that read the switch as off is not missed.
    if (select last_value from querycast.relay_sleeps_until)
      > extract(epoch from clock_timestamp()) * 1000 then
      perform pg_notify('querycast', '');
    end if;
    return true;
  end
  $$;

  -- Starts the next day when it is due, creates the day after it, and drops old delivered days, raising the
  -- floor. Returns the approximate number of deleted rows. Does nothing in a transaction that has already
  -- written: writers see a new day at once, so its partition must be committed before.
  create or replace function querycast.prune_signals(max_age_ms bigint, max_rows integer) returns bigint
  language plpgsql security definer set search_path = pg_catalog set lock_timeout = '100ms'
  as $$
  declare
    max_age interval := max_age_ms * interval '1 millisecond';
    this_day integer;
    own xid8;
    relayed xid8;
    past record;
    last_xid xid8;
    pruned bigint := 0;
  begin
    if pg_current_xact_id_if_assigned() is not null
      or not pg_try_advisory_xact_lock(hashtextextended('querycast.days', 0)) then
      return 0;
    end if;

    -- Writers get their transaction id before they read the day. So an id assigned after reading the day is
    -- above all ids of the days before.
    select last_value into this_day from querycast.today;
    own := pg_current_xact_id();
    update querycast.days set end_xid = own, ended_at = coalesce(ended_at, now())
    where day < this_day and end_xid is null;

    select pg_snapshot_xmin(relay.position::pg_snapshot) into relayed from querycast.relay;
    for past in
      select * from querycast.days
      where ended_at <= now() - max_age and end_xid < pg_snapshot_xmin(pg_current_snapshot())
      order by day
    loop
      execute format('select max(xid) from querycast.signals_%s', past.day) into last_xid;
      exit when last_xid is not null and (relayed is null or last_xid >= relayed);
      -- Waits for open writers and blocks later ones, so lock_timeout is short. The next run tries again.
      begin
        execute format('drop table querycast.signals_%s', past.day);
        update querycast.log set floor = greatest(floor, (last_xid::text::bigint + 1)::text::xid8)
        where last_xid is not null;
        delete from querycast.days where day = past.day;
        pruned := pruned + coalesce(past.last_position - past.first_position + 1, 0);
      exception when lock_not_available or deadlock_detected then
        exit;
      end;
    end loop;

    if exists (select from querycast.days where day = this_day + 1) then
      if (select coalesce(began_at, '-infinity') from querycast.days where day = this_day)
        <= now() - least(max_age, interval '1 day') then
        perform setval('querycast.today', this_day + 1);
        update querycast.days set ended_at = now(),
          last_position = (select last_value - not_yet from querycast.signal_positions
            cross join lateral (select case when is_called then 0 else 1 end) as start (not_yet))
        where day = this_day;
        this_day := this_day + 1;
        update querycast.days set began_at = now(), first_position = before.last_position + 1
        from querycast.days as before
        where days.day = this_day and before.day = this_day - 1;
      end if;
    end if;

    if not exists (select from querycast.days where day = this_day + 1) then
      begin
        perform querycast.make_day(this_day + 1);
      exception when lock_not_available or deadlock_detected then
        null; -- The current day continues until the next run.
      end;
    end if;

    delete from querycast.idempotency_keys where key in (
      select key from querycast.idempotency_keys where created_at < now() - max_age limit max_rows);
    return pruned;
  end
  $$;

  revoke all on all functions in schema querycast from public;
`,
} as const;
