ALTER TYPE "public"."notification_type" ADD VALUE 'comment_on_followed';--> statement-breakpoint
CREATE TABLE "article_views" (
	"article_id" uuid NOT NULL,
	"day" date DEFAULT current_date NOT NULL,
	"visitor" text NOT NULL,
	CONSTRAINT "article_views_article_id_day_visitor_pk" PRIMARY KEY("article_id","day","visitor"),
	CONSTRAINT "article_views_visitor" CHECK (length("article_views"."visitor") between 16 and 64)
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor_id" uuid,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "audit_log_action" CHECK ("audit_log"."action" ~ '^[a-z-]+[.][a-z-]+$')
);
--> statement-breakpoint
CREATE TABLE "broker_apps" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"secret" text NOT NULL,
	"status" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "broker_apps_key_unique" UNIQUE("key"),
	CONSTRAINT "broker_apps_status" CHECK ("broker_apps"."status" in ('current', 'accepted', 'retired'))
);
--> statement-breakpoint
CREATE TABLE "channel_bans" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid,
	"channel" text,
	"reason" text DEFAULT '' NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "channel_bans_once" UNIQUE NULLS NOT DISTINCT("user_id","channel"),
	CONSTRAINT "channel_bans_somebody" CHECK (num_nonnulls("channel_bans"."user_id", "channel_bans"."channel") > 0)
);
--> statement-breakpoint
CREATE TABLE "channel_settings" (
	"kind" text PRIMARY KEY NOT NULL,
	"stage" text NOT NULL,
	"percent" integer,
	"audience" text DEFAULT 'everyone' NOT NULL,
	"options" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"changed_by" uuid,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "channel_settings_stage" CHECK (case "channel_settings"."stage" when 'percent' then coalesce("channel_settings"."percent" between 0 and 100, false) else "channel_settings"."percent" is null and "channel_settings"."stage" in ('off', 'staff', 'on') end)
);
--> statement-breakpoint
CREATE TABLE "follows" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"article_id" uuid,
	"gist_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "follows_once" UNIQUE NULLS NOT DISTINCT("user_id","article_id","gist_id"),
	CONSTRAINT "follows_one_resource" CHECK (num_nonnulls("follows"."article_id", "follows"."gist_id") = 1)
);
--> statement-breakpoint
CREATE TABLE "phase_settings" (
	"phase" integer PRIMARY KEY NOT NULL,
	"stage" text NOT NULL,
	"percent" integer,
	"changed_by" uuid,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "phase_settings_stage" CHECK (case "phase_settings"."stage" when 'percent' then coalesce("phase_settings"."percent" between 0 and 100, false) else "phase_settings"."percent" is null and "phase_settings"."stage" in ('off', 'staff', 'on') end),
	CONSTRAINT "phase_settings_phase" CHECK ("phase_settings"."phase" >= 1)
);
--> statement-breakpoint
CREATE TABLE "user_bans" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "articles" ADD COLUMN "delete_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "article_views" ADD CONSTRAINT "article_views_article_id_articles_id_fk" FOREIGN KEY ("article_id") REFERENCES "public"."articles"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channel_bans" ADD CONSTRAINT "channel_bans_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channel_bans" ADD CONSTRAINT "channel_bans_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channel_settings" ADD CONSTRAINT "channel_settings_changed_by_users_id_fk" FOREIGN KEY ("changed_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follows" ADD CONSTRAINT "follows_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follows" ADD CONSTRAINT "follows_article_id_articles_id_fk" FOREIGN KEY ("article_id") REFERENCES "public"."articles"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follows" ADD CONSTRAINT "follows_gist_id_gists_id_fk" FOREIGN KEY ("gist_id") REFERENCES "public"."gists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phase_settings" ADD CONSTRAINT "phase_settings_changed_by_users_id_fk" FOREIGN KEY ("changed_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_bans" ADD CONSTRAINT "user_bans_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_bans" ADD CONSTRAINT "user_bans_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_at_index" ON "audit_log" USING btree ("at");--> statement-breakpoint
CREATE INDEX "audit_log_actor_id_index" ON "audit_log" USING btree ("actor_id");--> statement-breakpoint
CREATE INDEX "audit_log_action_index" ON "audit_log" USING btree ("action");--> statement-breakpoint
CREATE UNIQUE INDEX "broker_apps_one_current" ON "broker_apps" USING btree ("status") WHERE "broker_apps"."status" = 'current';--> statement-breakpoint
CREATE INDEX "follows_article_id_index" ON "follows" USING btree ("article_id");--> statement-breakpoint
CREATE INDEX "follows_gist_id_index" ON "follows" USING btree ("gist_id");--> statement-breakpoint
CREATE INDEX "articles_to_delete" ON "articles" USING btree ("delete_at") WHERE "articles"."delete_at" is not null;--> statement-breakpoint

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['article_views', 'follows', 'user_bans', 'phase_settings',
    'channel_settings', 'channel_bans', 'broker_apps', 'audit_log'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', name);
  END LOOP;
END
$$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public, app TO app_relay;
--> statement-breakpoint
CREATE FUNCTION app.viewer_is_admin() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(app.viewer_role() = 'admin', false);
--> statement-breakpoint

-- articles: one with a deletion date is readable by its author only, and is removed on that date.
GRANT UPDATE (delete_at) ON articles TO app_user;
--> statement-breakpoint
ALTER POLICY articles_read ON articles
  USING ((published_at <= now() AND delete_at IS NULL) OR author_id = (SELECT app.viewer_id()));
--> statement-breakpoint
GRANT DELETE ON articles TO app_worker;
--> statement-breakpoint
CREATE POLICY articles_due ON articles FOR DELETE TO app_worker USING (delete_at <= now());
--> statement-breakpoint
DROP TRIGGER articles_unpublished ON articles;
--> statement-breakpoint
CREATE TRIGGER articles_unpublished AFTER UPDATE OF published_at, delete_at ON articles
  FOR EACH ROW WHEN (
    OLD.published_at <= now() AND OLD.delete_at IS NULL
    AND (NEW.published_at <= now() AND NEW.delete_at IS NULL) IS NOT TRUE)
  EXECUTE FUNCTION app.revoke_channel('resource.article.');
--> statement-breakpoint
-- When a session ends, the drafts of its person are revoked, including articles with a deletion date.
CREATE OR REPLACE FUNCTION app.revoke_session_channels() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
DECLARE
  page text;
BEGIN
  PERFORM app.revoke_user_channel(NEW.user_id);
  IF has_table_privilege('public.articles', 'SELECT') THEN
    FOR page IN
      SELECT 'resource.article.' || id FROM articles
        WHERE author_id = NEW.user_id
          AND (published_at <= now() AND delete_at IS NULL) IS NOT TRUE
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

-- article_views: every viewer who can read an article adds views; its author can read them.
GRANT SELECT, INSERT ON article_views TO app_user;
--> statement-breakpoint
CREATE POLICY article_views_count ON article_views FOR INSERT TO app_user
  WITH CHECK (day = current_date AND EXISTS (SELECT FROM articles WHERE articles.id = article_id));
--> statement-breakpoint
CREATE POLICY article_views_of_author ON article_views FOR SELECT TO app_user
  USING (EXISTS (SELECT FROM articles
    WHERE articles.id = article_id AND author_id = (SELECT app.viewer_id())));
--> statement-breakpoint

-- follows: for their owner, on pages that the owner can read; the notification job reads all.
GRANT SELECT, INSERT, DELETE ON follows TO app_user;
--> statement-breakpoint
GRANT SELECT ON follows TO app_worker;
--> statement-breakpoint
CREATE POLICY follows_own ON follows FOR SELECT TO app_user
  USING (user_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY follows_write ON follows FOR INSERT TO app_user
  WITH CHECK (user_id = (SELECT app.viewer_id()) AND CASE WHEN article_id IS NOT NULL
    THEN EXISTS (SELECT FROM articles WHERE articles.id = article_id)
    ELSE EXISTS (SELECT FROM gists WHERE gists.id = gist_id) END);
--> statement-breakpoint
CREATE POLICY follows_delete ON follows FOR DELETE TO app_user
  USING (user_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY follows_worker ON follows FOR SELECT TO app_worker USING (true);
--> statement-breakpoint

-- Admins can read and end all sessions. WITH CHECK refuses to clear the mark.
CREATE POLICY sessions_admin_read ON sessions FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY sessions_admin_revoke ON sessions FOR UPDATE TO app_user
  USING ((SELECT app.viewer_is_admin())) WITH CHECK (revoked_at IS NOT NULL);
--> statement-breakpoint

-- user_bans: admins write them, but not for themselves; sign-in reads them.
GRANT SELECT, INSERT, DELETE ON user_bans TO app_user;
--> statement-breakpoint
GRANT SELECT ON user_bans TO app_auth, app_relay;
--> statement-breakpoint
CREATE POLICY user_bans_read ON user_bans FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY user_bans_write ON user_bans FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_is_admin()) AND user_id <> (SELECT app.viewer_id())
    AND created_by = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY user_bans_lift ON user_bans FOR DELETE TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY user_bans_look_up ON user_bans FOR SELECT TO app_auth, app_relay USING (true);
--> statement-breakpoint
-- A ban ends every session of the person, and revokes the channels that only that person may read. Runs as
-- the owner of the tables, to whom FORCE applies the policies too.
CREATE POLICY sessions_owner ON sessions TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY articles_owner ON articles FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY gists_owner ON gists FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE FUNCTION app.end_sessions_of_banned() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  UPDATE sessions SET revoked_at = now() WHERE user_id = NEW.user_id AND revoked_at IS NULL;
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.end_sessions_of_banned() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER user_bans_end_sessions AFTER INSERT ON user_bans
  FOR EACH ROW EXECUTE FUNCTION app.end_sessions_of_banned();
--> statement-breakpoint

-- Settings of live updates: read by every server process, written by admins under their own id.
GRANT SELECT, INSERT, DELETE, UPDATE (stage, percent, changed_by, updated_at)
  ON phase_settings TO app_user;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE, UPDATE (stage, percent, audience, options, changed_by, updated_at)
  ON channel_settings TO app_user;
--> statement-breakpoint
GRANT SELECT ON phase_settings, channel_settings TO app_relay;
--> statement-breakpoint
CREATE POLICY phase_settings_read ON phase_settings FOR SELECT TO app_user, app_relay USING (true);
--> statement-breakpoint
CREATE POLICY channel_settings_read ON channel_settings FOR SELECT TO app_user, app_relay
  USING (true);
--> statement-breakpoint
CREATE POLICY phase_settings_add ON phase_settings FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_is_admin()) AND changed_by = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY phase_settings_change ON phase_settings FOR UPDATE TO app_user
  USING ((SELECT app.viewer_is_admin())) WITH CHECK (changed_by = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY phase_settings_drop ON phase_settings FOR DELETE TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY channel_settings_add ON channel_settings FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_is_admin()) AND changed_by = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY channel_settings_change ON channel_settings FOR UPDATE TO app_user
  USING ((SELECT app.viewer_is_admin())) WITH CHECK (changed_by = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY channel_settings_drop ON channel_settings FOR DELETE TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint

-- channel_bans: admins write them; the server that decides who may join reads them.
GRANT SELECT, INSERT, DELETE ON channel_bans TO app_user;
--> statement-breakpoint
GRANT SELECT ON channel_bans TO app_relay;
--> statement-breakpoint
CREATE POLICY channel_bans_read ON channel_bans FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY channel_bans_write ON channel_bans FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_is_admin()) AND created_by = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY channel_bans_lift ON channel_bans FOR DELETE TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY channel_bans_relay ON channel_bans FOR SELECT TO app_relay USING (true);
--> statement-breakpoint

-- broker_apps: admins read them and change their state. Only the server reads the encrypted secret.
GRANT SELECT (id, key, status, created_at, updated_at), INSERT, UPDATE (status, updated_at)
  ON broker_apps TO app_user;
--> statement-breakpoint
GRANT SELECT ON broker_apps TO app_relay;
--> statement-breakpoint
CREATE POLICY broker_apps_read ON broker_apps FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY broker_apps_add ON broker_apps FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY broker_apps_change ON broker_apps FOR UPDATE TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY broker_apps_relay ON broker_apps FOR SELECT TO app_relay USING (true);
--> statement-breakpoint

-- audit_log: admins read it, and write it under their own id; the worker role writes denials. Rows are
-- never changed: no role has the grant, and a trigger refuses roles that need no grant.
GRANT SELECT, INSERT ON audit_log TO app_user;
--> statement-breakpoint
GRANT INSERT ON audit_log TO app_worker;
--> statement-breakpoint
CREATE POLICY audit_log_read ON audit_log FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY audit_log_write ON audit_log FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_is_admin()) AND actor_id = (SELECT app.viewer_id()) AND at = now());
--> statement-breakpoint
CREATE POLICY audit_log_denials ON audit_log FOR INSERT TO app_worker WITH CHECK (at = now());
--> statement-breakpoint
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
