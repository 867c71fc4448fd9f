/**
 * Several processes may read the log and sleep independently, with one switch for writers. A reader that wakes up may
 * switch notifications off only when no other reader sleeps.
 *
 * A sleeping reader holds a shared advisory lock. Switching off requires the exclusive lock, without waiting for it.
 * A reader that crashes loses its lock with its session, and its switch expires. Nothing changes for writers.
 */
export const manyReaders = {
  version: 9,
  body: `
  create or replace function querycast.relay_sleep(duration_ms integer) returns void
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
`,
} as const;
