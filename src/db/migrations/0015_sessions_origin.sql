-- A person's own list recognises the signals of its own mutations by their origin. The writer sets it for
-- the transaction, like the correlation id.
CREATE OR REPLACE FUNCTION app.tell_session() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  PERFORM querycast.append_signals(
    json_build_array(json_build_object(
      'channel', 'user.' || NEW.user_id, 'name', TG_ARGV[0],
      'ids', format('{"sessionId":"%s"}', NEW.id))),
    NULL, nullif(current_setting('querycast.origin', true), ''));
  RETURN NULL;
END
$$;
