-- A ban takes effect with its commit: the channel gets another wire name, for which a banned person gets no
-- signature. For a person who is banned from all channels it is their own channel.
CREATE FUNCTION app.move_banned_channel() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  PERFORM querycast.bump_access_epoch(coalesce(NEW.channel, 'user.' || NEW.user_id));
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.move_banned_channel() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER channel_bans_move AFTER INSERT ON channel_bans
  FOR EACH ROW EXECUTE FUNCTION app.move_banned_channel();
