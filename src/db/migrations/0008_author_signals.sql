-- The author's view of an article changes by the author, by readers, by the job that removes due articles,
-- and by cascades. So triggers publish the signal, once per statement and article. Rows that a deleted
-- article had are no longer found, and publish nothing.
CREATE FUNCTION app.tell_author_of_articles() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  PERFORM querycast.append_signals(
    json_agg(json_build_object(
      'channel', 'user.' || author_id, 'name', TG_ARGV[0],
      'ids', format('{"articleId":"%s"}', id))),
    NULL, NULL)
  FROM changed
  HAVING count(*) > 0;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE FUNCTION app.tell_author_of_readers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  PERFORM querycast.append_signals(
    json_agg(json_build_object(
      'channel', 'user.' || author_id, 'name', TG_ARGV[0],
      'ids', format('{"articleId":"%s"}', id))),
    NULL, NULL)
  FROM articles
  WHERE id IN (SELECT article_id FROM changed)
  HAVING count(*) > 0;
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.tell_author_of_articles(), app.tell_author_of_readers() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER articles_created AFTER INSERT ON articles REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION app.tell_author_of_articles('article.created');
--> statement-breakpoint
CREATE TRIGGER articles_updated AFTER UPDATE ON articles REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION app.tell_author_of_articles('article.updated');
--> statement-breakpoint
CREATE TRIGGER articles_deleted AFTER DELETE ON articles REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION app.tell_author_of_articles('article.deleted');
--> statement-breakpoint
CREATE TRIGGER comments_tell_author_more AFTER INSERT ON comments REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION app.tell_author_of_readers('article.discussed');
--> statement-breakpoint
CREATE TRIGGER comments_tell_author_less AFTER DELETE ON comments REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION app.tell_author_of_readers('article.discussed');
--> statement-breakpoint
CREATE TRIGGER reactions_tell_author_more AFTER INSERT ON reactions REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION app.tell_author_of_readers('article.reacted-to');
--> statement-breakpoint
CREATE TRIGGER reactions_tell_author_less AFTER DELETE ON reactions REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION app.tell_author_of_readers('article.reacted-to');
--> statement-breakpoint
CREATE TRIGGER article_views_tell_author AFTER INSERT ON article_views
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION app.tell_author_of_readers('article.viewed');
--> statement-breakpoint

-- Slugs are unique among all articles, including those that the writer may not read. Checked before
-- writing, so that a slug that is taken does not lose the text.
CREATE FUNCTION app.slug_is_taken(wanted text, by_other_than uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$ SELECT EXISTS (SELECT FROM articles WHERE slug = wanted AND id <> by_other_than) $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.slug_is_taken(text, uuid) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.slug_is_taken(text, uuid) TO app_user;
