/**
 * Retention by dropping whole tables. `querycast.signals` becomes a table in parts, one a day, and a day
 * is a number in its rows, not a span of clock time: `querycast.today` says which one is written now,
 * and whoever prunes turns it, at most once in 24 hours.
 *
 * A clock that jumps, a transaction that is open over midnight, a relay that is away for a week: none of
 * them makes a row that fits into no part, or into one that is gone. And since everyone takes its
 * transaction id before it looks at the day, a day that is over has a last transaction id, below which
 * readers need not look into it.
 *
 * The table as it was becomes day 0. Three steps, so that nothing waits while its rows are looked at.
 */
export const prepareDays = {
  version: 4,
  body: `
  alter table querycast.signals add column day integer not null default 0;
  alter table querycast.signals add constraint signals_0_day check (day = 0) not valid;
`,
} as const;

/** Reads the whole table, beside writers and readers. Attaching it then needs no second look. */
export const checkDayZero = {
  version: 5,
  body: "alter table querycast.signals validate constraint signals_0_day;",
} as const;

export const days = {
  version: 6,
  body: `
  -- Like the switch of the doorbell outside of MVCC: a writer sees it as it is now, without a lock.
  create sequence querycast.today minvalue 0 start 0;
  create table querycast.days (
    day integer primary key,
    -- Null: made ahead.
    began_at timestamptz,
    -- Null: not over yet.
    ended_at timestamptz,
    first_position bigint,
    last_position bigint,
    -- Every transaction id in it is lower. Null: not known yet.
    end_xid xid8
  );

  lock table querycast.signals in access exclusive mode;
  -- Cursors name the log by an epoch that was made from the table's oid.
  alter table querycast.log add column former_epoch text;
  update querycast.log set former_epoch = querycast.log_epoch();

  create sequence querycast.signal_positions;
  perform setval('querycast.signal_positions', last_value, is_called)
    from querycast.signals_position_seq;
  alter table querycast.signals alter column position drop identity;
  alter table querycast.signals rename to signals_0;
  alter index querycast.signals_pkey rename to signals_0_pkey;
  alter index querycast.signals_by_channel rename to signals_0_by_channel;

  -- For rows that are written past append_signals. The argument is there to be evaluated first.
  create function querycast.this_day(own xid8) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog
  as $$
  begin
    return (select last_value from querycast.today);
  end
  $$;

  -- No key or index here: each part has its own, and a key over all would have to name the day.
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

  -- Whoever could read goes on reading, also before rights are granted anew.
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
    -- Beside writers and readers: there is no default part that would have to be searched.
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
      -- A concurrent publish under the same key is waited for: if it commits, this one is done.
      insert into querycast.idempotency_keys (key) values (idempotency_key) on conflict do nothing;
      if not found then return false; end if;
    end if;

    -- Before looking at the day, never after: see prune_signals.
    own := pg_current_xact_id();
    insert into querycast.signals (xid, channel, name, ids, origin, day)
    select own, signal.channel, signal.name, signal.ids, append_signals.origin, today.last_value
    from querycast.today cross join
      json_to_recordset(signals) as signal (channel text, name text, ids text);

    -- After the insert, never before: the relay goes to sleep and then waits for every transaction
    -- that already had its xid, so whoever does not see the switch is waited for.
    if (select last_value from querycast.relay_sleeps_until)
      > extract(epoch from clock_timestamp()) * 1000 then
      perform pg_notify('querycast', '');
    end if;
    return true;
  end
  $$;

  -- Turns the day when it is time, makes the next one ahead, and drops days that are old and delivered,
  -- raising the floor with them. Resolves with about how many rows went. In a transaction of its own:
  -- writers see a turned day at once, and must find its table committed.
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

    -- Whoever wrote into a day had its transaction id before it looked which day it was. So an id that
    -- is taken after a look at the day is above all in the days before.
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
      -- Waits for writers in flight and lets nobody by meanwhile, hence so short. Next time, then.
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
        null; -- Until then this day goes on.
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
