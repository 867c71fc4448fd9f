/**
 * The signal log. Its design:
 *
 * - A row stores its transaction id (`xid`), and rows are read in the order (`xid`, `position`). The rows
 *   committed since a snapshot are then exact; with a sequence alone, readers would skip late commits.
 * - Rows are small, since every write pays for them: only the two indexes that reading needs, ids as compact
 *   text, and the signal's id computed on read. The index by channel has the hash of the name instead of the name, so
 *   queries by channel name the hash too. Its key has the transaction alone: the rows of one are few, and are sorted by
 *   position when they are read.
 * - The columns are of type text. `append_signals` casts what applications give to the domains, whose patterns are a
 *   third of the cost of a row. Triggers of captured tables make valid texts.
 * - Writers send NOTIFY only while the relay sleeps, since NOTIFY takes a database-wide lock until the commit.
 *   The switch is a sequence because sequences are outside of MVCC: writers read the current value in any
 *   isolation level without a lock, and updates leave no dead rows. Its value is the time until which the
 *   relay sleeps, so the switch of a crashed relay expires.
 * - `querycast.signals` has one partition per day, and retention drops whole partitions. A day is a number stored in
 *   the rows, not a span of clock time: `querycast.today` is the day that is written now, and `prune_signals` starts
 *   the next one, at most once in 24 hours. A clock that jumps, a transaction that is open over midnight and a relay
 *   that stops for a week therefore never produce a row without a partition. Writers take their transaction id before
 *   they read the day, so a day that has ended has a last transaction id, and readers of later rows skip its partition.
 * - Applications call functions only. Each runs as the owner of the log with a fixed search path, so a role that may
 *   append has no rights on the tables.
 * - Triggers of captured tables (`captureSql` of `querycast/drizzle`) call `encode_id`, which spells an id as `encodeId`
 *   does, so that channel names made in SQL equal those made in TypeScript, and `append_captured`, which writes one
 *   signal. The rows of a statement that make no signal are counted in `skipped_captures`: by inserts only, because an
 *   updated counter would make concurrent writers wait for each other.
 *
 * Version 14: the versions before it were never released.
 */
export const schema = {
  version: 14,
  body: `
  create table querycast.log (
    one boolean primary key default true check (one),
    id uuid not null default gen_random_uuid(),
    -- Rows below it were deleted, so cursors below it are a gap.
    floor xid8 not null default '0'
  );
  insert into querycast.log default values;

  -- What append_signals accepts. Domains instead of table checks: a table's check is planned for each statement, a
  -- domain's is cached, which makes an insert twice as fast.
  create domain querycast.channel_name as text collate "C" check (
    octet_length(value) <= 144 and value ~ '^[a-z][a-z0-9-]*([.][A-Za-z0-9_=@,;-]+)*$'
  );
  create domain querycast.signal_name as text collate "C" check (
    octet_length(value) <= 100 and value ~ '^[a-z][a-z0-9-]*[.][a-z][a-z0-9-]*$'
  );
  -- {"commentId":"…"}: flat, with id names as keys and values from the id alphabet. Rejects prose. A list of such
  -- objects when one signal stands for several rows.
  create domain querycast.signal_ids as text collate "C" check (
    octet_length(value) <= 1024
    and value ~ '^([{](("[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")(,"[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")*)?[}]|[[][{]"[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+"(,"[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")*[}](,[{]"[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+"(,"[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")*[}])*[]])$'
  );
  create domain querycast.origin as text collate "C" check (
    octet_length(value) <= 64 and value ~ '^[A-Za-z0-9_=@,;-]+$'
  );

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

  create sequence querycast.signal_positions;

  -- For rows written without append_signals. The argument makes the transaction id be assigned first.
  create function querycast.this_day(own xid8) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog
  as $$
  begin
    return (select last_value from querycast.today);
  end
  $$;

  -- Without indexes: make_day gives each partition its own.
  create table querycast.signals (
    xid xid8 not null default pg_current_xact_id(),
    position bigint not null default nextval('querycast.signal_positions'),
    created_at timestamptz not null default now(),
    channel text collate "C" not null,
    name text collate "C" not null,
    ids text collate "C",
    origin text collate "C",
    day integer not null default querycast.this_day(pg_current_xact_id()),
    -- A setting of the writing transaction, so that signals of triggers have it too. It is never sent.
    correlation text default left(nullif(current_setting('querycast.correlation', true), ''), 64)
  ) partition by list (day);
  alter sequence querycast.signal_positions owned by querycast.signals.position;

  create function querycast.make_day(day integer) returns void
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

  perform querycast.make_day(0);
  update querycast.days set began_at = now(), first_position = 1 where day = 0;
  perform querycast.make_day(1);

  -- Deduplicates publishes with the same key, also concurrent ones.
  create table querycast.idempotency_keys (
    key text collate "C" primary key check (octet_length(key) between 1 and 256),
    created_at timestamptz not null default now()
  );

  create table querycast.access_epochs (
    channel text collate "C" primary key,
    epoch integer not null default 1
  );

  -- The relay's saved position. Updated once per batch: the low fill factor allows HOT updates.
  create table querycast.relay (
    one boolean primary key default true check (one),
    log_epoch text,
    position text
  ) with (fillfactor = 10);
  insert into querycast.relay default values;
  create sequence querycast.relay_sleeps_until minvalue 0 start 0;

  -- The relay's heartbeat: the time at which everything was delivered, in milliseconds since 1970 by the database's
  -- clock, 0 before the first. A sequence, since its updates leave no dead rows.
  create sequence querycast.relay_beat_at minvalue 0 start 0;

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
    accepted_at timestamptz not null,
    -- True when a limit on a channel spread the page over several frames: which signals shared one is not recorded.
    waited boolean not null default false
  );
  create index deliveries_by_xid on querycast.deliveries (pg_snapshot_xmax(until));

  -- Signals that the broker refuses for their content, set aside so that later ones are delivered. The table stores
  -- copies without checks: a row may violate a check, and its day may be dropped before an operator reads it.
  create table querycast.poisoned (
    position bigint primary key,
    channel text not null,
    name text not null,
    ids text,
    origin text,
    reason text not null,
    attempts integer not null,
    written_at timestamptz not null,
    set_aside_at timestamptz not null default now()
  );

  -- Rows of captured tables that made no signal.
  create table querycast.skipped_captures (
    at timestamptz not null default now(),
    source text not null,
    signal text not null,
    rows bigint not null
  );
  create index skipped_captures_by_time on querycast.skipped_captures (at);

  -- Identifies the cluster and its timeline. Some providers deny the functions that read the control file: the timeline
  -- is then read from the name of the current WAL file. Where that is denied too, a cluster that was restored or
  -- promoted in place cannot be distinguished from the one before.
  create function querycast.cluster_identity() returns text
  language plpgsql stable security definer set search_path = pg_catalog
  as $identity$
  declare
    cluster text;
    timeline text;
  begin
    begin
      cluster := (select system_identifier from pg_control_system());
    exception when others then null;
    end;
    begin
      timeline := (select timeline_id from pg_control_checkpoint());
    exception when others then
      begin
        timeline := ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int;
      exception when others then null;
      end;
    end;
    return concat_ws(' ', cluster, timeline);
  end
  $identity$;

  -- Identifies the log. It changes when the database is restored from a dump, cloned or promoted to another
  -- timeline, where the snapshots in old cursors are invalid.
  create function querycast.log_epoch() returns text
  language sql stable security definer set search_path = pg_catalog
  as $$
    select md5(concat_ws(' ',
      (select id from querycast.log),
      querycast.cluster_identity(),
      (select oid from pg_database where datname = current_database()),
      'querycast.log'::regclass::oid))
  $$;

  create function querycast.append_signals(signals json, idempotency_key text, origin text)
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

  create function querycast.spell_id(id text) returns text
  language plpgsql immutable strict parallel safe set search_path = pg_catalog
  as $$
  declare
    is_plain boolean := id collate "C" !~ '[^A-Za-z0-9_=@,;-]';
    bytes bytea := convert_to(id, 'UTF8');
    other text;
    spelling text;
  begin
    if octet_length(bytes) not between 1 and 64
      or id collate "C" ~ '[\\u0001-\\u0020\\u007f-\\u00a0\\u00ad\\u1680\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff<>"]' then
      return null;
    end if;
    -- A text of the alphabet is its own spelling, unless it is the spelling of another id.
    if is_plain then
      if id not like '=%' or substr(id, 2) !~ '^([^=]|=[0-9A-F]{2})*$' then
        return id;
      end if;
      begin
        select convert_from(decode(string_agg(
          case when part[1] like '=%' then substr(part[1], 2) else encode(convert_to(part[1], 'UTF8'), 'hex') end,
          '' order by place), 'hex'), 'UTF8')
        into other
        from regexp_matches(substr(id, 2), '=[0-9A-F]{2}|[^=]', 'g') with ordinality as found (part, place);
      exception when character_not_in_repertoire or untranslatable_character then
        return id;
      end;
      if querycast.spell_id(other) is distinct from id then
        return id;
      end if;
    end if;
    select '=' || string_agg(
      case when chr(byte) ~ '[A-Za-z0-9_@,;-]' and byte < 128 then chr(byte)
        else '=' || upper(lpad(to_hex(byte), 2, '0')) end, '' order by place)
    into spelling
    from generate_series(0, octet_length(bytes) - 1) as place cross join get_byte(bytes, place) as byte;
    return case when octet_length(spelling) <= 64 then spelling end;
  end
  $$;

  -- Null for a text that is not an id, or whose spelling is longer than 64 characters.
  create function querycast.encode_id(id text) returns text
  language sql immutable parallel safe
  return case
    when id collate "C" ~ '^[A-Za-z0-9_@,;-][A-Za-z0-9_=@,;-]*$' and octet_length(id) <= 64 then id
    else querycast.spell_id(id)
  end;

  -- A null channel counts rows that make no signal. Ids are objects with a comma between them, or null for a signal
  -- without ids. Triggers call it, which run as their owner with a fixed search path. It has neither of its own, since
  -- both cost. It returns a value, since an assignment costs less than PERFORM.
  create function querycast.append_captured(source oid, signal text, channel text, ids text, rows bigint)
  returns boolean
  language plpgsql
  as $$
  declare
    origin text := current_setting('querycast.origin', true);
    own xid8;
  begin
    if channel is null then
      if rows > 0 then
        insert into querycast.skipped_captures (source, signal, rows)
        values (append_captured.source::regclass::text, append_captured.signal, append_captured.rows);
      end if;
      return false;
    end if;
    -- Any session can set it. An invalid one must not fail the write.
    if origin !~ '^[A-Za-z0-9_=@,;-]{1,64}$' then origin := null; end if;
    if ids like '%},{%' then
      ids := case when octet_length(ids) <= 1022 then '[' || ids || ']' end;
    end if;

    -- Assigned before the day is read, as in append_signals.
    own := pg_current_xact_id();
    -- pg_sequence_last_value is null before the first day has ended, and needs no statement of its own.
    insert into querycast.signals (xid, channel, name, ids, origin, day)
    values (own, append_captured.channel, append_captured.signal, append_captured.ids, origin,
      coalesce(pg_sequence_last_value('querycast.today'::regclass), 0));

    -- After the insert, as in append_signals. Postgres sends equal notifications of a transaction once.
    if coalesce(pg_sequence_last_value('querycast.relay_sleeps_until'::regclass), 0)
      > extract(epoch from clock_timestamp()) * 1000 then
      perform pg_notify('querycast', '');
    end if;
    return true;
  end
  $$;

  -- After the commit, signals of the channel go to a wire name for which no earlier signature is valid.
  -- The row in the log contains the previous access epoch, so that the relay can notify the subscribers of that name.
  create function querycast.bump_access_epoch(channel text) returns integer
  language plpgsql security definer set search_path = pg_catalog
  as $$
  #variable_conflict use_column
  declare raised integer;
  begin
    insert into querycast.access_epochs as current (channel) values (bump_access_epoch.channel)
    on conflict (channel) do update set epoch = current.epoch + 1
    returning epoch into raised;

    perform querycast.append_signals(json_build_array(json_build_object(
      'channel', bump_access_epoch.channel, 'name', 'querycast.moved',
      'ids', format('{"epochId":"%s"}', raised - 1))), null, null);
    return raised;
  end
  $$;

  -- Switches notifications on for so long. Zero switches them off, unless another reader sleeps: a sleeping reader
  -- holds a shared advisory lock, and switching off takes the exclusive one, without waiting for it. A reader that
  -- crashes loses its lock with its session, and its switch expires.
  create function querycast.relay_sleep(duration_ms integer) returns void
  language plpgsql security definer set search_path = pg_catalog
  as $$
  declare
    asleep bigint := hashtextextended('querycast.asleep', 0);
  begin
    -- Released before it is taken again: a session's advisory locks are counted.
    if current_setting('querycast.asleep', true) = 'yes' then
      perform pg_advisory_unlock_shared(asleep);
      perform set_config('querycast.asleep', 'no', false);
    end if;

    if duration_ms > 0 then
      perform pg_advisory_lock_shared(asleep);
      perform set_config('querycast.asleep', 'yes', false);
      -- Set after taking the lock, never before: from here on no reader can switch it off.
      perform setval('querycast.relay_sleeps_until', greatest(
        (select last_value from querycast.relay_sleeps_until),
        (extract(epoch from clock_timestamp()) * 1000)::bigint + duration_ms));
    elsif pg_try_advisory_xact_lock(asleep) then
      perform setval('querycast.relay_sleeps_until', 0);
    end if;
  end
  $$;

  -- Starts the next day when it is due, creates the day after it, and drops old delivered days, raising the
  -- floor. Returns the approximate number of deleted rows. Does nothing in a transaction that has already
  -- written: writers see a new day at once, so its partition must be committed before.
  create function querycast.prune_signals(max_age_ms bigint, max_rows integer) returns bigint
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

  -- Saves that everything before the position is delivered, and the record of its last page.
  create function querycast.save_delivery(
    log_epoch text, since text, until text, signals integer, withheld integer, frames integer,
    attempts integer, took_ms integer, waited boolean
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

  -- Pages are kept as long as signals, and there are at most as many.
  create function querycast.prune_deliveries(max_age_ms bigint, max_rows integer) returns void
  language sql security definer set search_path = pg_catalog
  as $$
    delete from querycast.deliveries where page in (
      select page from (select page, accepted_at from querycast.deliveries order by page limit max_rows)
        as oldest
      where accepted_at < now() - max_age_ms * interval '1 millisecond')
  $$;

  create function querycast.prune_skipped_captures(max_age_ms bigint, max_rows integer) returns void
  language sql security definer set search_path = pg_catalog
  as $$
    delete from querycast.skipped_captures where ctid in (
      select ctid from querycast.skipped_captures
      where at < now() - max_age_ms * interval '1 millisecond' order by at limit max_rows)
  $$;

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

  -- [{"row": "xid/position", "reason": "…", "attempts": 5}]
  create function querycast.set_aside(signals json) returns void
  language sql security definer set search_path = pg_catalog
  as $$
    insert into querycast.poisoned
      (position, channel, name, ids, origin, reason, attempts, written_at)
    select signals.position, signals.channel, signals.name, signals.ids, signals.origin,
      left(bad.reason, 1000), bad.attempts, signals.created_at
    from json_to_recordset(set_aside.signals) as bad ("row" text, reason text, attempts integer)
    join querycast.signals on signals.xid = split_part(bad."row", '/', 1)::xid8
      and signals.position = split_part(bad."row", '/', 2)::bigint
    on conflict (position) do nothing
  $$;

  -- Appends the signal again, since the relay has passed its position. Fails when a check rejects it.
  create function querycast.retry_poisoned(which bigint) returns boolean
  language plpgsql security definer set search_path = pg_catalog
  as $$
  declare
    bad querycast.poisoned;
  begin
    delete from querycast.poisoned where position = which returning * into bad;
    if not found then return false; end if;
    return querycast.append_signals(json_build_array(json_build_object(
      'channel', bad.channel, 'name', bad.name, 'ids', bad.ids)), null, bad.origin);
  end
  $$;

  create function querycast.drop_poisoned(which bigint) returns boolean
  language plpgsql security definer set search_path = pg_catalog
  as $$
  begin
    delete from querycast.poisoned where position = which;
    return found;
  end
  $$;

  revoke all on all functions in schema querycast from public;
`,
} as const;
