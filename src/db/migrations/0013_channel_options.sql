-- A kind can have options without a stage: its stage is then the default of the environment.
ALTER TABLE "channel_settings" ALTER COLUMN "stage" DROP NOT NULL;
--> statement-breakpoint
-- Only these two options, as whole numbers within their bounds.
ALTER TABLE "channel_settings" ADD CONSTRAINT "channel_settings_options" CHECK (
  CASE WHEN jsonb_typeof("options") = 'object' THEN
    "options" - 'framesPerSecond' - 'replayAtMost' = '{}'::jsonb
    AND (NOT "options" ? 'framesPerSecond'
      OR "options" @@ '$.framesPerSecond.type() == "number" && $.framesPerSecond >= 1 && $.framesPerSecond <= 40 && $.framesPerSecond.floor() == $.framesPerSecond')
    AND (NOT "options" ? 'replayAtMost'
      OR "options" @@ '$.replayAtMost.type() == "number" && $.replayAtMost >= 0 && $.replayAtMost <= 500 && $.replayAtMost.floor() == $.replayAtMost')
  ELSE false END
);
