-- When the channel had no subscription left, from a webhook of the broker: people who joined before have
-- left. The row is kept, since a ban still has to reach their signatures.
ALTER TABLE "channel_joins" ADD COLUMN "vacated_at" timestamp with time zone;
--> statement-breakpoint
GRANT UPDATE (vacated_at) ON channel_joins TO app_worker;
