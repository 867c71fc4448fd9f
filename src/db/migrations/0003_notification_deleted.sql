-- A notification is deleted by cascade with its comment or page, without an action of its recipient. So a
-- trigger publishes that the recipient's list and count changed.
CREATE FUNCTION app.tell_deleted_notifications() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  PERFORM querycast.append_signals(
    json_agg(json_build_object(
      'channel', 'user.' || recipient_id, 'name', 'notification.deleted', 'ids', NULL)),
    NULL, NULL)
  FROM (SELECT DISTINCT recipient_id FROM deleted) AS recipients
  HAVING count(*) > 0;
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.tell_deleted_notifications() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER notifications_deleted AFTER DELETE ON notifications
  REFERENCING OLD TABLE AS deleted
  FOR EACH STATEMENT EXECUTE FUNCTION app.tell_deleted_notifications();
