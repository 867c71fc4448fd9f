-- The last report of the leading relay, for the admin console of every process: leader, start of the lead,
-- and last failure. One row; unlogged, since the next leader writes it again.
CREATE UNLOGGED TABLE "relay_report" (
	"is_only" boolean PRIMARY KEY DEFAULT true CHECK ("is_only"),
	"leader" text NOT NULL,
	"leading_since" timestamp with time zone NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"last_error_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE relay_report ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE relay_report FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
REVOKE ALL ON relay_report FROM PUBLIC;
--> statement-breakpoint
GRANT SELECT ON relay_report TO app_user;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON relay_report TO app_worker;
--> statement-breakpoint
CREATE POLICY relay_report_read ON relay_report FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY relay_report_write ON relay_report TO app_worker USING (true);
