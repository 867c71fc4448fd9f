-- Migration 0008 publishes these signals by captured tables (src/wiring/captures.ts).
DROP TRIGGER IF EXISTS sessions_started ON sessions;
--> statement-breakpoint
DROP TRIGGER IF EXISTS sessions_told_revoked ON sessions;
--> statement-breakpoint
DROP FUNCTION IF EXISTS app.tell_session();
--> statement-breakpoint
DROP TRIGGER IF EXISTS articles_created ON articles;
--> statement-breakpoint
DROP TRIGGER IF EXISTS articles_updated ON articles;
--> statement-breakpoint
DROP TRIGGER IF EXISTS articles_deleted ON articles;
--> statement-breakpoint
DROP TRIGGER IF EXISTS comments_tell_author_more ON comments;
--> statement-breakpoint
DROP TRIGGER IF EXISTS comments_tell_author_less ON comments;
--> statement-breakpoint
DROP TRIGGER IF EXISTS reactions_tell_author_more ON reactions;
--> statement-breakpoint
DROP TRIGGER IF EXISTS reactions_tell_author_less ON reactions;
--> statement-breakpoint
DROP TRIGGER IF EXISTS article_views_tell_author ON article_views;
--> statement-breakpoint
DROP FUNCTION IF EXISTS app.tell_author_of_articles(), app.tell_author_of_readers();
--> statement-breakpoint
DROP TRIGGER IF EXISTS notifications_deleted ON notifications;
--> statement-breakpoint
DROP FUNCTION IF EXISTS app.tell_deleted_notifications();
--> statement-breakpoint
DROP TRIGGER IF EXISTS users_role_changed ON users;
--> statement-breakpoint
DROP FUNCTION IF EXISTS app.tell_role();
--> statement-breakpoint
-- When a right is lost, all signatures for the person's channels become invalid, and pages join again with the new
-- role. It fires before the signal of the captured table, which goes to the new wire name.
CREATE OR REPLACE FUNCTION app.move_demoted() RETURNS trigger
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
CREATE OR REPLACE TRIGGER users_demoted AFTER UPDATE OF role ON users
  FOR EACH ROW WHEN (NEW.role < OLD.role) EXECUTE FUNCTION app.move_demoted();
