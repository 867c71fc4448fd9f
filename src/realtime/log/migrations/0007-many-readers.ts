/**
 * Several processes may read the log and sleep, each for itself, with one switch that writers look at.
 * Whoever wakes up may turn it off only when nobody else is asleep, or the others would not be rung for.
 *
 * A sleeper holds a shared lock as long as it sleeps, and the switch is turned off under the exclusive
 * one: that is had at once or not at all. A reader that dies loses its lock with its session, and what it
 * left of the switch passes with time, as before. Writers see and pay what they did.
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
    -- Given back before it is taken again: locks of a session count.
    if current_setting('querycast.asleep', true) = 'yes' then
      perform pg_advisory_unlock_shared(asleep);
      perform set_config('querycast.asleep', 'no', false);
    end if;

    if duration_ms > 0 then
      perform pg_advisory_lock_shared(asleep);
      perform set_config('querycast.asleep', 'yes', false);
      -- After taking the lock, never before: nobody turns it off from here on.
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
