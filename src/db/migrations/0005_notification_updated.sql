-- A notification shows the beginning of a comment, and title and URL of a page, while its recipient may
-- read them. The writer of such a change may not know the recipients, so triggers publish that lists
-- changed.
CREATE FUNCTION app.tell_updated_notifications() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  PERFORM querycast.append_signals(
    json_agg(json_build_object(
      'channel', 'user.' || recipient_id, 'name', 'notification.updated', 'ids', NULL)),
    NULL, NULL)
  FROM (
    SELECT DISTINCT recipient_id FROM notifications
    WHERE (TG_TABLE_NAME = 'comments' AND comment_id = NEW.id)
      OR (TG_TABLE_NAME = 'articles' AND article_id = NEW.id)
      OR (TG_TABLE_NAME = 'gists' AND gist_id = NEW.id)
  ) AS recipients
  HAVING count(*) > 0;
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.tell_updated_notifications() FROM PUBLIC;
--> statement-breakpoint
-- The function above runs as the owner of the tables, to whom FORCE applies the policies too.
CREATE POLICY notifications_owner ON notifications FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE TRIGGER comments_requoted AFTER UPDATE OF body ON comments
  FOR EACH ROW WHEN (OLD.body IS DISTINCT FROM NEW.body)
  EXECUTE FUNCTION app.tell_updated_notifications();
--> statement-breakpoint
CREATE TRIGGER articles_renamed AFTER UPDATE OF slug, title, published_at ON articles
  FOR EACH ROW WHEN (
    (OLD.slug, OLD.title, OLD.published_at) IS DISTINCT FROM (NEW.slug, NEW.title, NEW.published_at))
  EXECUTE FUNCTION app.tell_updated_notifications();
--> statement-breakpoint
CREATE TRIGGER gists_renamed AFTER UPDATE OF title, visibility ON gists
  FOR EACH ROW WHEN ((OLD.title, OLD.visibility) IS DISTINCT FROM (NEW.title, NEW.visibility))
  EXECUTE FUNCTION app.tell_updated_notifications();
