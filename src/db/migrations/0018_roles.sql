-- An admin changes the role of a person through one function; no role has a grant on the column. The
-- admin's right is read from the table, not from the request, so that two admins who demote each other at
-- the same time do not both succeed.
CREATE POLICY users_owner ON users TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY user_bans_owner ON user_bans FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
-- Returns the former role, or no row when the person does not exist.
CREATE FUNCTION app.change_role(person uuid, wanted user_role) RETURNS SETOF user_role
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  former user_role;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('app.roles', 0));
  IF NOT EXISTS (SELECT FROM users WHERE id = app.viewer_id() AND role = 'admin') THEN
    RAISE EXCEPTION 'Only admins change roles.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT role INTO former FROM users WHERE id = person FOR UPDATE;
  IF former IS NULL THEN
    RETURN;
  END IF;
  UPDATE users SET role = wanted WHERE id = person AND role <> wanted;
  RETURN NEXT former;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.change_role(uuid, user_role) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.change_role(uuid, user_role) TO app_user;
--> statement-breakpoint

-- At least one admin who can sign in is kept, whichever role writes.
CREATE FUNCTION app.keep_one_admin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('app.roles', 0));
  IF NOT EXISTS (
    SELECT FROM users WHERE role = 'admin' AND id <> OLD.id
      AND NOT EXISTS (SELECT FROM user_bans WHERE user_id = users.id))
  THEN
    RAISE EXCEPTION 'A site keeps one admin.' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.keep_one_admin() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER users_keep_one_admin BEFORE UPDATE OF role ON users
  FOR EACH ROW WHEN (OLD.role = 'admin' AND NEW.role <> 'admin')
  EXECUTE FUNCTION app.keep_one_admin();
--> statement-breakpoint

-- Publishes the change to the person's open pages. When a right is lost, all signatures for the person's
-- channels become invalid: each channel gets another wire name, and pages join again with the new role.
CREATE FUNCTION app.tell_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  IF NEW.role < OLD.role THEN
    PERFORM app.move_channels_of(NEW.id);
  END IF;
  PERFORM querycast.append_signals(
    json_build_array(json_build_object('channel', 'user.' || NEW.id, 'name', 'role.changed', 'ids', NULL)),
    NULL, NULL);
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.tell_role() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER users_role_changed AFTER UPDATE OF role ON users
  FOR EACH ROW WHEN (OLD.role <> NEW.role) EXECUTE FUNCTION app.tell_role();
--> statement-breakpoint
--> statement-breakpoint

-- An admin removes comments of other people on public pages, by the same rule for replies. The function notes
-- it in the audit log itself, so that no path to it goes unrecorded.
CREATE POLICY audit_log_owner ON audit_log FOR INSERT TO CURRENT_USER WITH CHECK (at = now());
--> statement-breakpoint
DROP FUNCTION app.delete_comment(uuid);
--> statement-breakpoint
CREATE FUNCTION app.delete_comment(wanted uuid, reason text DEFAULT '') RETURNS TABLE (on_article uuid, on_gist uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  target comments;
  viewer uuid := app.viewer_id();
  page_owner uuid;
  is_public boolean;
  is_own boolean;
BEGIN
  SELECT * INTO target FROM comments WHERE id = wanted;
  IF target.article_id IS NOT NULL THEN
    SELECT author_id, published_at <= now() AND delete_at IS NULL INTO page_owner, is_public
      FROM articles WHERE id = target.article_id FOR UPDATE;
  ELSE
    SELECT owner_id, visibility = 'public' INTO page_owner, is_public
      FROM gists WHERE id = target.gist_id FOR UPDATE;
  END IF;
  SELECT * INTO target FROM comments WHERE id = wanted AND deleted_at IS NULL;
  is_own := coalesce(viewer IN (target.author_id, page_owner), false);
  IF target.id IS NULL OR (is_own OR (app.viewer_is_admin() AND is_public)) IS NOT TRUE THEN
    RETURN;
  END IF;
  IF NOT is_own THEN
    INSERT INTO audit_log (actor_id, action, subject, detail) VALUES (
      viewer, 'comment.removed', 'comment ' || wanted, jsonb_build_object(
        'authorId', target.author_id, 'articleId', target.article_id, 'gistId', target.gist_id,
        'reason', left(reason, 500)));
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
REVOKE ALL ON FUNCTION app.delete_comment(uuid, text) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.delete_comment(uuid, text) TO app_user;
