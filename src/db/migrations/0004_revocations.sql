-- When a right to read ends, all signatures for the channel become invalid in the same transaction,
-- whichever role writes. Viewers who still have access join again and miss no signal.
CREATE FUNCTION app.revoke_channel() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  PERFORM querycast.bump_access_epoch(TG_ARGV[0] || OLD.id);
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.revoke_channel() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER articles_unpublished AFTER UPDATE OF published_at ON articles
  FOR EACH ROW WHEN (OLD.published_at <= now() AND (NEW.published_at <= now()) IS NOT TRUE)
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

-- When a session ends, the channels that only its person may read are revoked: their own channel, their
-- drafts and private gists. Runs as the revoking role, so that row-level security finds the pages. A role
-- that may not read pages revokes the person's own channel only.
CREATE FUNCTION app.revoke_session_channels() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
DECLARE
  page text;
BEGIN
  PERFORM app.revoke_user_channel(NEW.user_id);
  IF has_table_privilege('public.articles', 'SELECT') THEN
    FOR page IN
      SELECT 'resource.article.' || id FROM articles
        WHERE author_id = NEW.user_id AND (published_at <= now()) IS NOT TRUE
      UNION ALL
      SELECT 'resource.gist.' || id FROM gists
        WHERE owner_id = NEW.user_id AND visibility <> 'public'
      ORDER BY 1
    LOOP
      PERFORM querycast.bump_access_epoch(page);
    END LOOP;
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE FUNCTION app.revoke_user_channel(id uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  PERFORM querycast.bump_access_epoch('user.' || id);
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.revoke_user_channel(uuid) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.revoke_user_channel(uuid) TO app_user, app_auth;
--> statement-breakpoint
CREATE TRIGGER sessions_revoked AFTER UPDATE OF revoked_at ON sessions
  FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
  EXECUTE FUNCTION app.revoke_session_channels();
