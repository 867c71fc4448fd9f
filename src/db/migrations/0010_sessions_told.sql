-- Sessions begin and end by signing in and out, by the person, by an admin, or with a ban. So a trigger
-- publishes the change to the person's other devices.
CREATE FUNCTION app.tell_session() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  PERFORM querycast.append_signals(
    json_build_array(json_build_object(
      'channel', 'user.' || NEW.user_id, 'name', TG_ARGV[0],
      'ids', format('{"sessionId":"%s"}', NEW.id))),
    NULL, NULL);
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.tell_session() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER sessions_started AFTER INSERT ON sessions
  FOR EACH ROW EXECUTE FUNCTION app.tell_session('session.started');
--> statement-breakpoint
CREATE TRIGGER sessions_told_revoked AFTER UPDATE OF revoked_at ON sessions
  FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
  EXECUTE FUNCTION app.tell_session('session.revoked');
