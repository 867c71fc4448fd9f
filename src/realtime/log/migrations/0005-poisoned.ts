/**
 * Signals that the broker refuses for their content, set aside so that later ones are delivered. The table stores
 * copies without checks: a row may violate a check, and its day may be dropped before an operator reads it.
 */
export const poisoned = {
  version: 7,
  body: `
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
