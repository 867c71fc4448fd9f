/**
 * What the triggers of captured tables call (`captureSql` of `querycast/drizzle`):
 *
 * - `encode_id` spells an id as `encodeId` does, so that channel names made in SQL equal those made in TypeScript.
 * - `append_captured` writes one signal. The rows of a statement that make no signal are counted in
 *   `skipped_captures`: by inserts only, because an updated counter would make concurrent writers wait for each other.
 */
export const captures = {
  version: 13,
  body: `
  -- One object as before, or a list of them when one signal stands for several rows.
  alter domain querycast.signal_ids drop constraint signal_ids_check;
  alter domain querycast.signal_ids add constraint signal_ids_check check (
    octet_length(value) <= 1024
    and value ~ '^([{](("[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")(,"[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")*)?[}]|[[][{]"[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+"(,"[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")*[}](,[{]"[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+"(,"[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")*[}])*[]])$'
  ) not valid;

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

  create table querycast.skipped_captures (
    at timestamptz not null default now(),
    source text not null,
    signal text not null,
    rows bigint not null
  );
  create index skipped_captures_by_time on querycast.skipped_captures (at);

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

  create function querycast.prune_skipped_captures(max_age_ms bigint, max_rows integer) returns void
  language sql security definer set search_path = pg_catalog
  as $$
    delete from querycast.skipped_captures where ctid in (
      select ctid from querycast.skipped_captures
      where at < now() - max_age_ms * interval '1 millisecond' order by at limit max_rows)
  $$;

  revoke all on all functions in schema querycast from public;
`,
} as const;
