/**
 * The signal log. Its design:
 *
 * - A row stores its transaction id (`xid`), and rows are read in the order (`xid`, `position`). The rows
 *   committed since a snapshot are then exact; with a sequence alone, readers would skip late commits.
 * - Rows are small, since every write pays for them: only the two indexes that reading needs, ids as compact
 *   text, and the signal's id computed on read.
 * - Writers send NOTIFY only while the relay sleeps, since NOTIFY takes a database-wide lock until the commit.
 *   The switch is a sequence because sequences are outside of MVCC: writers read the current value in any
 *   isolation level without a lock, and updates leave no dead rows. Its value is the time until which the
 *   relay sleeps, so the switch of a crashed relay expires.
 */
export const signalLog = {
  version: 1,
  body: `
  create table querycast.log (
    one boolean primary key default true check (one),
    id uuid not null default gen_random_uuid(),
    -- Rows below it were deleted, so cursors below it are a gap.
    floor xid8 not null default '0'
  );
  insert into querycast.log default values;

  -- Domains instead of table checks: a table's check is planned for each statement, a domain's is cached,
  -- which makes an insert twice as fast.
  create domain querycast.channel_name as text collate "C" check (
    octet_length(value) <= 144 and value ~ '^[a-z][a-z0-9-]*([.][A-Za-z0-9_=@,;-]+)*$'
  );
  create domain querycast.signal_name as text collate "C" check (
    octet_length(value) <= 100 and value ~ '^[a-z][a-z0-9-]*[.][a-z][a-z0-9-]*$'
  );
  -- {"commentId":"…"}: flat, with id names as keys and values from the id alphabet. Rejects prose.
  create domain querycast.signal_ids as text collate "C" check (
    octet_length(value) <= 1024
    and value ~ '^[{](("[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")(,"[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")*)?[}]$'
  );
  create domain querycast.origin as text collate "C" check (
    octet_length(value) <= 64 and value ~ '^[A-Za-z0-9_=@,;-]+$'
  );

  create table querycast.signals (
    xid xid8 not null default pg_current_xact_id(),
    position bigint generated always as identity,
    created_at timestamptz not null default now(),
    channel querycast.channel_name not null,
    name querycast.signal_name not null,
    ids querycast.signal_ids,
    origin querycast.origin,
    primary key (xid, position)
  );
  create index signals_by_channel on querycast.signals (channel, xid);

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
`,
} as const;
