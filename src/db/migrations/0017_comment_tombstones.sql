-- A comment with replies by other people is not removed, since that would delete the replies. Its row is
-- kept as a tombstone without author, text or reactions, and is removed with the last reply below it.
ALTER TABLE "comments" ALTER COLUMN "author_id" DROP NOT NULL;
--> statement-breakpoint
ALTER TABLE "comments" ADD COLUMN "deleted_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "comments" ADD CONSTRAINT "comments_tombstone" CHECK (
  CASE WHEN "comments"."deleted_at" IS NULL THEN "comments"."author_id" IS NOT NULL
  ELSE "comments"."author_id" IS NULL AND "comments"."body" = '' AND "comments"."edited_at" IS NULL END);
--> statement-breakpoint

-- The functions below run as the owner of the tables. FORCE applies the policies to the owner too.
CREATE POLICY comments_owner ON comments TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY reactions_owner ON reactions TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY notifications_owner_delete ON notifications FOR DELETE TO CURRENT_USER USING (true);
--> statement-breakpoint
-- SELECT … FOR UPDATE needs an UPDATE policy.
CREATE POLICY articles_owner_lock ON articles FOR UPDATE TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY gists_owner_lock ON gists FOR UPDATE TO CURRENT_USER USING (true);
--> statement-breakpoint

-- Deletes a comment for its author or the owner of its page. Returns the page, or no row when the comment
-- is gone or the viewer may not delete it. Without replies of other people its subtree goes with it.
-- Inserting a comment takes a key-share lock on the page, so the lock here waits for replies that are
-- being written, and new replies wait for the deletion.
CREATE FUNCTION app.delete_comment(wanted uuid) RETURNS TABLE (on_article uuid, on_gist uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  target comments;
  viewer uuid := app.viewer_id();
  page_owner uuid;
BEGIN
  SELECT * INTO target FROM comments WHERE id = wanted;
  IF target.article_id IS NOT NULL THEN
    SELECT author_id INTO page_owner FROM articles WHERE id = target.article_id FOR UPDATE;
  ELSE
    SELECT owner_id INTO page_owner FROM gists WHERE id = target.gist_id FOR UPDATE;
  END IF;
  SELECT * INTO target FROM comments WHERE id = wanted AND deleted_at IS NULL;
  IF target.id IS NULL OR (viewer IN (target.author_id, page_owner)) IS NOT TRUE THEN
    RETURN;
  END IF;
  IF EXISTS (
    WITH RECURSIVE below AS (
      SELECT id, author_id FROM comments WHERE parent_id = wanted
      UNION ALL
      SELECT reply.id, reply.author_id FROM comments AS reply JOIN below ON reply.parent_id = below.id)
    SELECT FROM below WHERE author_id <> target.author_id)
  THEN
    DELETE FROM reactions WHERE comment_id = wanted;
    DELETE FROM notifications WHERE comment_id = wanted;
    UPDATE comments SET deleted_at = now(), author_id = NULL, body = '', edited_at = NULL
      WHERE id = wanted;
    -- The number of comments of the article has changed without a row that was deleted.
    IF target.article_id IS NOT NULL THEN
      PERFORM querycast.append_signals(
        json_build_array(json_build_object(
          'channel', 'user.' || page_owner, 'name', 'article.discussed',
          'ids', format('{"articleId":"%s"}', target.article_id))),
        NULL, NULL);
    END IF;
  ELSE
    DELETE FROM comments WHERE id = wanted;
  END IF;
  RETURN QUERY SELECT target.article_id, target.gist_id;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.delete_comment(uuid) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.delete_comment(uuid) TO app_user;
--> statement-breakpoint
-- A plain DELETE would take the replies of other people along.
REVOKE DELETE ON comments FROM app_user;
--> statement-breakpoint
DROP POLICY comments_delete ON comments;
--> statement-breakpoint

-- Removes tombstones whose last reply is gone, whichever way it went. Runs again for each level above.
CREATE FUNCTION app.remove_bare_tombstones() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  -- The trigger runs for a DELETE that removed no row too: without this it would call itself without end.
  IF NOT EXISTS (SELECT FROM gone) THEN
    RETURN NULL;
  END IF;
  DELETE FROM comments
  WHERE deleted_at IS NOT NULL
    AND id IN (SELECT parent_id FROM gone)
    AND NOT EXISTS (SELECT FROM comments AS reply WHERE reply.parent_id = comments.id);
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.remove_bare_tombstones() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER comments_bare_tombstones AFTER DELETE ON comments REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION app.remove_bare_tombstones();
--> statement-breakpoint

-- A tombstone takes no reactions.
DROP POLICY reactions_write ON reactions;
--> statement-breakpoint
CREATE POLICY reactions_write ON reactions FOR INSERT TO app_user
  WITH CHECK (user_id = (SELECT app.viewer_id()) AND CASE
    WHEN article_id IS NOT NULL THEN EXISTS (SELECT FROM articles WHERE articles.id = article_id)
    WHEN gist_id IS NOT NULL THEN EXISTS (SELECT FROM gists WHERE gists.id = gist_id)
    ELSE EXISTS (
      SELECT FROM comments WHERE comments.id = comment_id AND comments.deleted_at IS NULL) END);
