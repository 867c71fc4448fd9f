-- Functions and triggers. Triggers publish signals and invalidate signatures where the writer does not know the
-- recipients, or where rows change by cascade. They run in the transaction of the change, whichever role writes.
-- They publish with querycast.append_signals, and invalidate all signatures for a channel with
-- querycast.bump_access_epoch: the channel gets another wire name, and viewers who still have access join again and
-- miss no signal. The signal log's own migration (src/realtime/log/migrations) creates both functions afterwards.
-- 0007_captures.sql has the triggers of the tables whose changes alone make the signal.

-- Sessions. When a session ends, every channel that its person joins and strangers do not gets another wire name: signals
-- and reports, imports of the last day, previews that were open in the last 24 hours, for an admin the activity of the
-- site, drafts, articles with a deletion date, private gists, and the channels of the person's publications
-- (0003_publications.sql). It runs as the owner of the tables, so that it finds them for every role that ends a session.
-- Once per statement, so that sessions that end together move each channel once. In a fixed order, so that concurrent
-- changes do not deadlock.
CREATE FUNCTION app.move_channels_of_sessions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  people uuid[] := ARRAY(
    SELECT DISTINCT new_rows.user_id FROM old_rows JOIN new_rows USING (id)
    WHERE old_rows.revoked_at IS NULL AND new_rows.revoked_at IS NOT NULL);
  moved text;
BEGIN
  IF people = '{}' THEN
    RETURN NULL;
  END IF;
  FOR moved IN
    SELECT kind || person FROM unnest(people) AS person, unnest(ARRAY['user.', 'report.']) AS kind
    UNION SELECT 'import.' || id FROM imports
      WHERE owner_id = ANY (people) AND created_at > now() - interval '1 day'
    UNION SELECT channel FROM channel_joins WHERE user_id = ANY (people) AND channel LIKE 'preview.%'
    UNION SELECT 'activity' FROM users WHERE id = ANY (people) AND role = 'admin'
    UNION SELECT kind || id FROM articles, unnest(ARRAY['resource.article.', 'replying.article.']) AS kind
      WHERE author_id = ANY (people) AND (published_at <= now() AND delete_at IS NULL) IS NOT TRUE
    UNION SELECT kind || id FROM gists, unnest(ARRAY['resource.gist.', 'replying.gist.']) AS kind
      WHERE owner_id = ANY (people) AND visibility <> 'public'
    UNION SELECT app.channels_of_publications(
      ARRAY(SELECT publication_id FROM publication_members WHERE user_id = ANY (people)))
    ORDER BY 1
  LOOP
    PERFORM querycast.bump_access_epoch(moved);
  END LOOP;
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.move_channels_of_sessions() FROM PUBLIC;
--> statement-breakpoint
-- Its name sorts before that of the capture trigger, whose signal goes to the new wire name.
CREATE TRIGGER move_channels_of_sessions AFTER UPDATE ON sessions
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION app.move_channels_of_sessions();
--> statement-breakpoint
-- An expired session is ended like a revoked one: the mark on its row moves the channels of its person. A job calls
-- this function; several may do so at once.
CREATE FUNCTION app.end_expired_sessions(most integer) RETURNS SETOF uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  UPDATE sessions SET revoked_at = now()
  WHERE id IN (
    SELECT id FROM sessions WHERE revoked_at IS NULL AND expires_at <= now()
    ORDER BY expires_at LIMIT most FOR UPDATE SKIP LOCKED
  )
  RETURNING user_id
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.end_expired_sessions(integer) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.end_expired_sessions(integer) TO app_auth;
--> statement-breakpoint

-- Bans. They take effect with their commit: the channel gets another wire name, for which a banned person gets no
-- signature. A person who is banned from the site or from all channels may have signatures for many channels: every
-- channel that the person joined in the last 24 hours gets another wire name. The channels "site" and "announcement" are
-- left out: they are public.
CREATE FUNCTION app.move_channels_of(person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  joined text;
BEGIN
  -- In a fixed order, so that concurrent bans do not deadlock.
  FOR joined IN
    SELECT channel FROM channel_joins WHERE user_id = person AND channel NOT IN ('site', 'announcement')
    UNION SELECT 'user.' || person
    UNION SELECT 'activity' -- the person may have been an admin until now
    ORDER BY 1
  LOOP
    PERFORM querycast.bump_access_epoch(joined);
  END LOOP;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.move_channels_of(uuid) FROM PUBLIC;
--> statement-breakpoint
CREATE FUNCTION app.move_banned_channel() RETURNS trigger
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
REVOKE ALL ON FUNCTION app.move_banned_channel() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER channel_bans_move AFTER INSERT ON channel_bans
  FOR EACH ROW EXECUTE FUNCTION app.move_banned_channel();
--> statement-breakpoint
-- A ban from the site ends every session of the person, which moves the channels that strangers do not join.
CREATE FUNCTION app.end_sessions_of_banned() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('app.ban ' || NEW.user_id, 0));
  UPDATE sessions SET revoked_at = now() WHERE user_id = NEW.user_id AND revoked_at IS NULL;
  PERFORM app.move_channels_of(NEW.user_id);
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.end_sessions_of_banned() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER user_bans_end_sessions AFTER INSERT ON user_bans
  FOR EACH ROW EXECUTE FUNCTION app.end_sessions_of_banned();
--> statement-breakpoint
-- A banned person gets no new session. The lock orders a sign-in and a ban of the same moment: the ban ends the session,
-- or the sign-in is refused.
CREATE FUNCTION app.refuse_session_of_banned() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('app.ban ' || NEW.user_id, 0));
  IF EXISTS (SELECT FROM user_bans WHERE user_id = NEW.user_id) THEN
    RAISE EXCEPTION 'An admin banned this account.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.refuse_session_of_banned() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER sessions_not_of_banned BEFORE INSERT ON sessions
  FOR EACH ROW EXECUTE FUNCTION app.refuse_session_of_banned();
--> statement-breakpoint

-- Roles of people. An admin changes the role of a person through one function; no role has a grant on the column.
-- The admin's right is read from the table, not from the request, so that two admins who demote each other at the
-- same time do not both succeed. Returns the former role, or no row when the person does not exist.
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
-- When a right is lost, all signatures for the person's channels become invalid, and pages join again with the new
-- role. It fires before the signal of the captured table, which goes to the new wire name.
CREATE FUNCTION app.move_demoted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  PERFORM app.move_channels_of(NEW.id);
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.move_demoted() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER users_demoted AFTER UPDATE OF role ON users
  FOR EACH ROW WHEN (NEW.role < OLD.role) EXECUTE FUNCTION app.move_demoted();
--> statement-breakpoint

-- Articles and gists that are no longer readable: when a right to read ends, all signatures for the channel become
-- invalid in the same transaction. A page and the notes who is replying on it are read by the same people.
CREATE FUNCTION app.revoke_channel() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  PERFORM querycast.bump_access_epoch(TG_ARGV[0] || OLD.id);
  IF TG_ARGV[0] = 'resource.article.' THEN
    PERFORM querycast.bump_access_epoch('replying.article.' || OLD.id);
  ELSIF TG_ARGV[0] = 'resource.gist.' THEN
    PERFORM querycast.bump_access_epoch('replying.gist.' || OLD.id);
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.revoke_channel() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER articles_unpublished AFTER UPDATE OF published_at, delete_at ON articles
  FOR EACH ROW WHEN (
    OLD.published_at <= now() AND OLD.delete_at IS NULL
    AND (NEW.published_at <= now() AND NEW.delete_at IS NULL) IS NOT TRUE)
  EXECUTE FUNCTION app.revoke_channel('resource.article.');
--> statement-breakpoint
CREATE TRIGGER articles_revoked AFTER DELETE ON articles
  FOR EACH ROW EXECUTE FUNCTION app.revoke_channel('resource.article.');
--> statement-breakpoint
CREATE TRIGGER gists_hidden AFTER UPDATE OF visibility ON gists
  FOR EACH ROW WHEN (OLD.visibility = 'public' AND NEW.visibility <> 'public')
  EXECUTE FUNCTION app.revoke_channel('resource.gist.');
--> statement-breakpoint
CREATE TRIGGER gists_revoked AFTER DELETE ON gists
  FOR EACH ROW EXECUTE FUNCTION app.revoke_channel('resource.gist.');
--> statement-breakpoint

-- Slugs are unique among all articles, including those that the writer may not read. Reserved before writing, so that a
-- slug that is taken does not lose the text. Returns false if another article has it; else no other transaction takes it
-- before this one ends.
CREATE FUNCTION app.reserve_slug(wanted text, of_article uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('app.slug ' || wanted, 0));
  RETURN NOT EXISTS (SELECT FROM articles WHERE slug = wanted AND id <> of_article);
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.reserve_slug(text, uuid) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.reserve_slug(text, uuid) TO app_user;
--> statement-breakpoint

-- A list of bookmarks or followed discussions shows title and URL of a page, while the person may read it. The
-- writer of such a change does not know these people, so triggers publish it on the channel of each person.
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
--> statement-breakpoint

-- Notifications. A notification shows the beginning of a comment, and title and URL of a page, while its recipient
-- may read them. The writer of such a change may not know the recipients, so triggers publish that lists changed.
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
CREATE TRIGGER comments_requoted AFTER UPDATE OF body ON comments
  FOR EACH ROW WHEN (OLD.body IS DISTINCT FROM NEW.body)
  EXECUTE FUNCTION app.tell_updated_notifications();
--> statement-breakpoint
CREATE TRIGGER articles_renamed AFTER UPDATE OF slug, title, published_at, delete_at ON articles
  FOR EACH ROW WHEN (
    (OLD.slug, OLD.title, OLD.published_at, OLD.delete_at)
      IS DISTINCT FROM (NEW.slug, NEW.title, NEW.published_at, NEW.delete_at))
  EXECUTE FUNCTION app.tell_updated_notifications();
--> statement-breakpoint
CREATE TRIGGER gists_renamed AFTER UPDATE OF title, visibility ON gists
  FOR EACH ROW WHEN ((OLD.title, OLD.visibility) IS DISTINCT FROM (NEW.title, NEW.visibility))
  EXECUTE FUNCTION app.tell_updated_notifications();
--> statement-breakpoint

-- Comments. Deletes a comment for its author, the owner of its page, or an admin if the page is public. Returns the
-- page, or no row when the comment is gone or the viewer may not delete it. Without replies of other people its
-- subtree goes with it; with them it becomes a tombstone. Inserting a comment takes a key-share lock on the page, so
-- the lock here waits for replies that are being written, and new replies wait for the deletion. A removal by an
-- admin is noted in the audit log here, so that every removal is recorded.
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
--> statement-breakpoint
-- Removes tombstones whose last reply is gone, whichever way it went, and the tombstones above them. It finds all of them
-- before it deletes: a trigger that ran once for each level above would exceed the stack in a long chain.
CREATE FUNCTION app.remove_bare_tombstones() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  bare uuid[] := '{}';
  level uuid[] := ARRAY(SELECT DISTINCT parent_id FROM gone WHERE parent_id IS NOT NULL);
BEGIN
  LOOP
    level := ARRAY(
      SELECT id FROM comments
      WHERE id = ANY (level) AND deleted_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM comments AS reply WHERE reply.parent_id = comments.id AND reply.id <> ALL (bare)));
    EXIT WHEN level = '{}';
    bare := bare || level;
    level := ARRAY(SELECT DISTINCT parent_id FROM comments WHERE id = ANY (level) AND parent_id IS NOT NULL);
  END LOOP;
  -- Without rows it deletes nothing: the trigger runs for such a DELETE too, and would call itself without end.
  IF bare <> '{}' THEN
    DELETE FROM comments WHERE id = ANY (bare);
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.remove_bare_tombstones() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER comments_bare_tombstones AFTER DELETE ON comments REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION app.remove_bare_tombstones();
--> statement-breakpoint

-- Reactions. The writer does not name the page. For a comment that the writer cannot read no page is found, and the
-- policy for writing refuses the row.
CREATE FUNCTION app.place_reaction() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
BEGIN
  NEW.page_article_id := NEW.article_id;
  NEW.page_gist_id := NEW.gist_id;
  IF NEW.comment_id IS NOT NULL THEN
    SELECT article_id, gist_id INTO NEW.page_article_id, NEW.page_gist_id
      FROM comments WHERE id = NEW.comment_id;
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.place_reaction() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER reactions_placed BEFORE INSERT ON reactions
  FOR EACH ROW EXECUTE FUNCTION app.place_reaction();
--> statement-breakpoint

-- The audit log is append-only, for roles that need no grant too.
CREATE FUNCTION app.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
BEGIN
  RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
