-- A person who is banned from the site or from all channels may still have signatures for channels. Every
-- channel that the person joined in the last 24 hours gets another wire name with the commit; viewers with
-- access follow. The channel "site" is left out: its signals only make pages ask again.
CREATE POLICY channel_joins_owner ON channel_joins FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE FUNCTION app.move_channels_of(person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  joined text;
BEGIN
  -- In a fixed order, so that concurrent bans do not deadlock.
  FOR joined IN
    SELECT channel FROM channel_joins WHERE user_id = person AND channel <> 'site'
    UNION SELECT 'user.' || person
    ORDER BY 1
  LOOP
    PERFORM querycast.bump_access_epoch(joined);
  END LOOP;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.move_channels_of(uuid) FROM PUBLIC;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION app.move_banned_channel() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  IF NEW.channel IS NULL THEN
    PERFORM app.move_channels_of(NEW.user_id);
  ELSE
    PERFORM querycast.bump_access_epoch(NEW.channel);
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION app.end_sessions_of_banned() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  UPDATE sessions SET revoked_at = now() WHERE user_id = NEW.user_id AND revoked_at IS NULL;
  PERFORM app.move_channels_of(NEW.user_id);
  RETURN NULL;
END
$$;
