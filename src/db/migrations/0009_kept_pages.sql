-- A list of bookmarks or followed discussions shows title and URL of a page, while the person may read it.
-- The writer of such a change does not know these people, so triggers publish it on the channel of each
-- person. See 0005.
CREATE FUNCTION app.tell_who_keeps_page() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  PERFORM querycast.append_signals(
    json_agg(json_build_object('channel', 'user.' || user_id, 'name', name, 'ids', NULL)),
    NULL, NULL)
  FROM (
    SELECT user_id, 'bookmark.updated' AS name FROM bookmarks
      WHERE (TG_TABLE_NAME = 'articles' AND article_id = OLD.id)
        OR (TG_TABLE_NAME = 'gists' AND gist_id = OLD.id)
    UNION ALL
    SELECT user_id, 'follow.updated' FROM follows
      WHERE (TG_TABLE_NAME = 'articles' AND article_id = OLD.id)
        OR (TG_TABLE_NAME = 'gists' AND gist_id = OLD.id)
  ) AS kept
  HAVING count(*) > 0;
  RETURN OLD;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.tell_who_keeps_page() FROM PUBLIC;
--> statement-breakpoint
-- The function above runs as the owner of the tables, to whom FORCE applies the policies too.
CREATE POLICY bookmarks_owner ON bookmarks FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY follows_owner ON follows FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE TRIGGER articles_kept_renamed
  AFTER UPDATE OF slug, title, excerpt, published_at, delete_at ON articles
  FOR EACH ROW WHEN (
    (OLD.slug, OLD.title, OLD.excerpt, OLD.published_at, OLD.delete_at)
      IS DISTINCT FROM (NEW.slug, NEW.title, NEW.excerpt, NEW.published_at, NEW.delete_at))
  EXECUTE FUNCTION app.tell_who_keeps_page();
--> statement-breakpoint
-- Before the deletion: after it the bookmarks are gone as well.
CREATE TRIGGER articles_kept_deleted BEFORE DELETE ON articles
  FOR EACH ROW EXECUTE FUNCTION app.tell_who_keeps_page();
--> statement-breakpoint
CREATE TRIGGER gists_kept_renamed AFTER UPDATE OF title, description, visibility ON gists
  FOR EACH ROW WHEN (
    (OLD.title, OLD.description, OLD.visibility)
      IS DISTINCT FROM (NEW.title, NEW.description, NEW.visibility))
  EXECUTE FUNCTION app.tell_who_keeps_page();
--> statement-breakpoint
CREATE TRIGGER gists_kept_deleted BEFORE DELETE ON gists
  FOR EACH ROW EXECUTE FUNCTION app.tell_who_keeps_page();
