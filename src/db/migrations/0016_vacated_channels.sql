-- When nobody was left on the channel, as the broker says by a webhook: whoever was let in before has gone.
-- The row stays, since a ban still has to reach what was signed for them.
ALTER TABLE "channel_joins" ADD COLUMN "vacated_at" timestamp with time zone;
--> statement-breakpoint
GRANT UPDATE (vacated_at) ON channel_joins TO app_worker;
