-- Unlogged: written in batches after the response, and not needed after a crash.
CREATE UNLOGGED TABLE "channel_joins" (
	"channel" text NOT NULL,
	"user_id" uuid NOT NULL REFERENCES "public"."users"("id") ON DELETE cascade,
	"joined_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "channel_joins_channel_user_id_pk" PRIMARY KEY("channel","user_id")
);
--> statement-breakpoint
CREATE INDEX "channel_joins_user_id_index" ON "channel_joins" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "channel_joins_joined_at_index" ON "channel_joins" USING btree ("joined_at");
--> statement-breakpoint
ALTER TABLE channel_joins ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE channel_joins FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
REVOKE ALL ON channel_joins FROM PUBLIC;
--> statement-breakpoint
GRANT SELECT ON channel_joins TO app_user;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (joined_at), DELETE ON channel_joins TO app_worker;
--> statement-breakpoint
CREATE POLICY channel_joins_read ON channel_joins FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY channel_joins_record ON channel_joins TO app_worker USING (true);
