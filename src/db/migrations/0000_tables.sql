-- Types and tables. Access rights are in 0001_access.sql, functions and triggers in 0002_functions.sql.
-- src/db/schema.ts describes the same tables for queries.

CREATE TYPE notification_type AS ENUM (
  'comment_on_article', 'comment_on_gist', 'reply_to_comment', 'reaction_on_article', 'reaction_on_gist',
  'reaction_on_comment', 'comment_on_followed', 'publication_invitation', 'submission_task', 'submission_published');
--> statement-breakpoint
CREATE TYPE reactable_type AS ENUM ('article', 'gist', 'comment');
--> statement-breakpoint
CREATE TYPE reaction_kind AS ENUM ('like', 'love', 'insightful', 'laugh', 'surprise', 'support');
--> statement-breakpoint
CREATE TYPE resource_type AS ENUM ('article', 'gist');
--> statement-breakpoint
-- In ascending order of rights: the trigger users_demoted compares roles.
CREATE TYPE user_role AS ENUM ('reader', 'author', 'admin');
--> statement-breakpoint

-- People: profiles, sign-in secrets, sessions, banned accounts.
CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  handle text NOT NULL,
  name text NOT NULL,
  bio text NOT NULL DEFAULT '',
  avatar_url text,
  role user_role NOT NULL DEFAULT 'reader',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_handle_unique UNIQUE (handle),
  CONSTRAINT users_handle_spelling CHECK (handle ~ '^[a-z0-9][a-z0-9_-]{1,29}$')
);
--> statement-breakpoint
-- A separate table, so that no read of a profile can return secrets.
CREATE TABLE credentials (
  user_id uuid PRIMARY KEY,
  email text NOT NULL,
  -- When the account showed that its person receives the e-mails of this address; null for accounts by sign-up.
  email_proved_at timestamptz,
  password_hash text,
  github_id text,
  CONSTRAINT credentials_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT credentials_email_unique UNIQUE (email),
  CONSTRAINT credentials_github_id_unique UNIQUE (github_id),
  CONSTRAINT credentials_email_lower_case CHECK (email = lower(email))
);
--> statement-breakpoint
CREATE TABLE sessions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  user_agent text NOT NULL DEFAULT '',
  address text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  CONSTRAINT sessions_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
--> statement-breakpoint
CREATE INDEX sessions_user_id_index ON sessions (user_id);
--> statement-breakpoint
CREATE INDEX sessions_unended ON sessions (expires_at) WHERE revoked_at IS NULL;
--> statement-breakpoint
CREATE TABLE user_bans (
  user_id uuid PRIMARY KEY,
  reason text NOT NULL DEFAULT '',
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT user_bans_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT user_bans_created_by_users_id_fk FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE SET NULL
);
--> statement-breakpoint

-- Articles, their tags and views. An article without published_at is a draft. One with delete_at was deleted
-- and can be restored until then.
CREATE TABLE articles (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  author_id uuid NOT NULL,
  slug text NOT NULL,
  title text NOT NULL,
  excerpt text NOT NULL DEFAULT '',
  body text NOT NULL,
  published_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  delete_at timestamptz,
  CONSTRAINT articles_author_id_users_id_fk FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT articles_slug_unique UNIQUE (slug)
);
--> statement-breakpoint
CREATE INDEX articles_author_id_index ON articles (author_id);
--> statement-breakpoint
CREATE INDEX articles_published_at_id_index ON articles (published_at, id);
--> statement-breakpoint
CREATE INDEX articles_to_delete ON articles (delete_at) WHERE delete_at IS NOT NULL;
--> statement-breakpoint
CREATE TABLE tags (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  slug text NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  CONSTRAINT tags_slug_unique UNIQUE (slug)
);
--> statement-breakpoint
CREATE TABLE article_tags (
  article_id uuid NOT NULL,
  tag_id uuid NOT NULL,
  CONSTRAINT article_tags_article_id_tag_id_pk PRIMARY KEY (article_id, tag_id),
  CONSTRAINT article_tags_article_id_articles_id_fk FOREIGN KEY (article_id) REFERENCES articles (id)
    ON DELETE CASCADE,
  CONSTRAINT article_tags_tag_id_tags_id_fk FOREIGN KEY (tag_id) REFERENCES tags (id) ON DELETE CASCADE
);
--> statement-breakpoint
CREATE INDEX article_tags_tag_id_index ON article_tags (tag_id);
--> statement-breakpoint
-- One row per article, day and visitor, so that a visitor counts once a day. The visitor is a keyed digest.
CREATE TABLE article_views (
  article_id uuid NOT NULL,
  day date NOT NULL DEFAULT current_date,
  visitor text NOT NULL,
  -- So that views can be counted by the minute.
  viewed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT article_views_article_id_day_visitor_pk PRIMARY KEY (article_id, day, visitor),
  CONSTRAINT article_views_article_id_articles_id_fk FOREIGN KEY (article_id) REFERENCES articles (id)
    ON DELETE CASCADE,
  CONSTRAINT article_views_visitor CHECK (length(visitor) BETWEEN 16 AND 64)
);
--> statement-breakpoint
CREATE INDEX article_views_viewed_at_index ON article_views (viewed_at);
--> statement-breakpoint

-- Gists and their files.
CREATE TABLE gists (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  owner_id uuid NOT NULL,
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  visibility text NOT NULL DEFAULT 'public',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT gists_owner_id_users_id_fk FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT gists_visibility CHECK (visibility IN ('public', 'private'))
);
--> statement-breakpoint
CREATE INDEX gists_owner_id_index ON gists (owner_id);
--> statement-breakpoint
CREATE TABLE gist_files (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  gist_id uuid NOT NULL,
  filename text NOT NULL,
  language text NOT NULL DEFAULT 'text',
  content text NOT NULL,
  position integer NOT NULL DEFAULT 0,
  CONSTRAINT gist_files_gist_id_gists_id_fk FOREIGN KEY (gist_id) REFERENCES gists (id) ON DELETE CASCADE,
  CONSTRAINT gist_files_gist_id_filename_unique UNIQUE (gist_id, filename)
);
--> statement-breakpoint

-- The rendering of a text: HTML, or the reason why it has no HTML. It is stored beside its row, read under
-- that row's policy, and deleted with it.
CREATE TABLE renderings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  article_id uuid,
  gist_file_id uuid,
  digest text NOT NULL,
  html text,
  reason text,
  attempts integer NOT NULL DEFAULT 1,
  rendered_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT renderings_article_id_articles_id_fk FOREIGN KEY (article_id) REFERENCES articles (id)
    ON DELETE CASCADE,
  CONSTRAINT renderings_gist_file_id_gist_files_id_fk FOREIGN KEY (gist_file_id) REFERENCES gist_files (id)
    ON DELETE CASCADE,
  CONSTRAINT renderings_article_id_unique UNIQUE (article_id),
  CONSTRAINT renderings_gist_file_id_unique UNIQUE (gist_file_id),
  CONSTRAINT renderings_one_source CHECK (num_nonnulls(article_id, gist_file_id) = 1),
  CONSTRAINT renderings_one_outcome CHECK (num_nonnulls(html, reason) = 1)
);
--> statement-breakpoint

-- Comments. The keys to the parent include the page, so that a reply is on the page of its parent. A comment
-- with replies by other people is not removed, since that would delete the replies. Its row is kept as a
-- tombstone without author, text or reactions, and is removed with the last reply below it.
CREATE TABLE comments (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  article_id uuid,
  gist_id uuid,
  parent_id uuid,
  author_id uuid,
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  edited_at timestamptz,
  deleted_at timestamptz,
  CONSTRAINT comments_article_id_articles_id_fk FOREIGN KEY (article_id) REFERENCES articles (id)
    ON DELETE CASCADE,
  CONSTRAINT comments_gist_id_gists_id_fk FOREIGN KEY (gist_id) REFERENCES gists (id) ON DELETE CASCADE,
  CONSTRAINT comments_author_id_users_id_fk FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT comments_of_article UNIQUE (article_id, id),
  CONSTRAINT comments_of_gist UNIQUE (gist_id, id),
  CONSTRAINT comments_parent_on_same_article FOREIGN KEY (article_id, parent_id)
    REFERENCES comments (article_id, id) ON DELETE CASCADE,
  CONSTRAINT comments_parent_on_same_gist FOREIGN KEY (gist_id, parent_id)
    REFERENCES comments (gist_id, id) ON DELETE CASCADE,
  CONSTRAINT comments_one_resource CHECK (num_nonnulls(article_id, gist_id) = 1),
  CONSTRAINT comments_tombstone CHECK (
    CASE WHEN deleted_at IS NULL THEN author_id IS NOT NULL
    ELSE author_id IS NULL AND body = '' AND edited_at IS NULL END)
);
--> statement-breakpoint
CREATE INDEX comments_parent_id_index ON comments (parent_id);
--> statement-breakpoint
CREATE INDEX comments_author_id_index ON comments (author_id);
--> statement-breakpoint

-- Reactions. A row has the page it is on: the article or gist that got the reaction, or the page of the
-- comment. The keys to the comment include the page, so that the two cannot disagree.
CREATE TABLE reactions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  kind reaction_kind NOT NULL,
  article_id uuid,
  gist_id uuid,
  comment_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  page_article_id uuid,
  page_gist_id uuid,
  CONSTRAINT reactions_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT reactions_article_id_articles_id_fk FOREIGN KEY (article_id) REFERENCES articles (id)
    ON DELETE CASCADE,
  CONSTRAINT reactions_gist_id_gists_id_fk FOREIGN KEY (gist_id) REFERENCES gists (id) ON DELETE CASCADE,
  CONSTRAINT reactions_comment_on_same_article FOREIGN KEY (page_article_id, comment_id)
    REFERENCES comments (article_id, id) ON DELETE CASCADE,
  CONSTRAINT reactions_comment_on_same_gist FOREIGN KEY (page_gist_id, comment_id)
    REFERENCES comments (gist_id, id) ON DELETE CASCADE,
  CONSTRAINT reactions_once UNIQUE NULLS NOT DISTINCT (user_id, article_id, gist_id, comment_id, kind),
  CONSTRAINT reactions_one_target CHECK (num_nonnulls(article_id, gist_id, comment_id) = 1),
  CONSTRAINT reactions_one_page CHECK (
    num_nonnulls(page_article_id, page_gist_id) = 1
    AND (article_id IS NULL OR page_article_id IS NOT DISTINCT FROM article_id)
    AND (gist_id IS NULL OR page_gist_id IS NOT DISTINCT FROM gist_id))
);
--> statement-breakpoint
CREATE INDEX reactions_article_id_index ON reactions (article_id);
--> statement-breakpoint
CREATE INDEX reactions_gist_id_index ON reactions (gist_id);
--> statement-breakpoint
CREATE INDEX reactions_comment_id_index ON reactions (comment_id);
--> statement-breakpoint

-- A person's lists: bookmarks, followed discussions, notifications.
CREATE TABLE bookmarks (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  article_id uuid,
  gist_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT bookmarks_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT bookmarks_article_id_articles_id_fk FOREIGN KEY (article_id) REFERENCES articles (id)
    ON DELETE CASCADE,
  CONSTRAINT bookmarks_gist_id_gists_id_fk FOREIGN KEY (gist_id) REFERENCES gists (id) ON DELETE CASCADE,
  CONSTRAINT bookmarks_once UNIQUE NULLS NOT DISTINCT (user_id, article_id, gist_id),
  CONSTRAINT bookmarks_one_resource CHECK (num_nonnulls(article_id, gist_id) = 1)
);
--> statement-breakpoint
CREATE INDEX bookmarks_article_id_index ON bookmarks (article_id);
--> statement-breakpoint
CREATE INDEX bookmarks_gist_id_index ON bookmarks (gist_id);
--> statement-breakpoint
CREATE TABLE follows (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  article_id uuid,
  gist_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT follows_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT follows_article_id_articles_id_fk FOREIGN KEY (article_id) REFERENCES articles (id)
    ON DELETE CASCADE,
  CONSTRAINT follows_gist_id_gists_id_fk FOREIGN KEY (gist_id) REFERENCES gists (id) ON DELETE CASCADE,
  CONSTRAINT follows_once UNIQUE NULLS NOT DISTINCT (user_id, article_id, gist_id),
  CONSTRAINT follows_one_resource CHECK (num_nonnulls(article_id, gist_id) = 1)
);
--> statement-breakpoint
CREATE INDEX follows_article_id_index ON follows (article_id);
--> statement-breakpoint
CREATE INDEX follows_gist_id_index ON follows (gist_id);
--> statement-breakpoint
-- source_key names the cause: one notification per cause, however often the job runs. 0003_publications.sql adds the
-- columns of publications, and the check that a notification is about one thing.
CREATE TABLE notifications (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source_key text NOT NULL,
  recipient_id uuid NOT NULL,
  actor_id uuid NOT NULL,
  type notification_type NOT NULL,
  article_id uuid,
  gist_id uuid,
  comment_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  read_at timestamptz,
  CONSTRAINT notifications_recipient_id_users_id_fk FOREIGN KEY (recipient_id) REFERENCES users (id)
    ON DELETE CASCADE,
  CONSTRAINT notifications_actor_id_users_id_fk FOREIGN KEY (actor_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT notifications_article_id_articles_id_fk FOREIGN KEY (article_id) REFERENCES articles (id)
    ON DELETE CASCADE,
  CONSTRAINT notifications_gist_id_gists_id_fk FOREIGN KEY (gist_id) REFERENCES gists (id) ON DELETE CASCADE,
  CONSTRAINT notifications_comment_id_comments_id_fk FOREIGN KEY (comment_id) REFERENCES comments (id)
    ON DELETE CASCADE,
  CONSTRAINT notifications_source_key_unique UNIQUE (source_key)
);
--> statement-breakpoint
CREATE INDEX notifications_recipient_id_created_at_id_index ON notifications (recipient_id, created_at, id);
--> statement-breakpoint
CREATE INDEX notifications_unread ON notifications (recipient_id) WHERE read_at IS NULL;
--> statement-breakpoint
CREATE INDEX notifications_actor_id_index ON notifications (actor_id);
--> statement-breakpoint
CREATE INDEX notifications_article_id_index ON notifications (article_id);
--> statement-breakpoint
CREATE INDEX notifications_gist_id_index ON notifications (gist_id);
--> statement-breakpoint
CREATE INDEX notifications_comment_id_index ON notifications (comment_id);
--> statement-breakpoint

-- The outbox of jobs: a request is written in the transaction that makes the job necessary, and sent to the
-- job runner afterwards.
CREATE TABLE job_requests (
  id text PRIMARY KEY,
  name text NOT NULL,
  data jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz
);
--> statement-breakpoint
CREATE INDEX job_requests_unsent ON job_requests (created_at) WHERE sent_at IS NULL;
--> statement-breakpoint
-- Sign-in and sign-up attempts. The columns are those of rate-limiter-flexible's Postgres store.
CREATE TABLE rate_limits (
  key text PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);
--> statement-breakpoint

-- Settings of live updates: rollout of a phase or a channel kind, where it differs from the default of the
-- environment. A channel kind can have options without a stage: its stage is then the default.
CREATE TABLE phase_settings (
  phase integer PRIMARY KEY,
  stage text NOT NULL,
  percent integer,
  changed_by uuid,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT phase_settings_changed_by_users_id_fk FOREIGN KEY (changed_by) REFERENCES users (id)
    ON DELETE SET NULL,
  CONSTRAINT phase_settings_phase CHECK (phase >= 1),
  CONSTRAINT phase_settings_stage CHECK (
    CASE stage WHEN 'percent' THEN coalesce(percent BETWEEN 0 AND 100, false)
    ELSE percent IS NULL AND stage IN ('off', 'staff', 'on') END)
);
--> statement-breakpoint
CREATE TABLE channel_settings (
  kind text PRIMARY KEY,
  stage text,
  percent integer,
  audience text NOT NULL DEFAULT 'everyone',
  options jsonb NOT NULL DEFAULT '{}',
  changed_by uuid,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT channel_settings_changed_by_users_id_fk FOREIGN KEY (changed_by) REFERENCES users (id)
    ON DELETE SET NULL,
  CONSTRAINT channel_settings_stage CHECK (
    CASE stage WHEN 'percent' THEN coalesce(percent BETWEEN 0 AND 100, false)
    ELSE percent IS NULL AND stage IN ('off', 'staff', 'on') END),
  -- Only these two options, as whole numbers within their bounds.
  CONSTRAINT channel_settings_options CHECK (
    CASE WHEN jsonb_typeof(options) = 'object' THEN
      options - 'framesPerSecond' - 'replayAtMost' = '{}'::jsonb
      AND (NOT options ? 'framesPerSecond'
        OR options @@ '$.framesPerSecond.type() == "number" && $.framesPerSecond >= 1 && $.framesPerSecond <= 40 && $.framesPerSecond.floor() == $.framesPerSecond')
      AND (NOT options ? 'replayAtMost'
        OR options @@ '$.replayAtMost.type() == "number" && $.replayAtMost >= 0 && $.replayAtMost <= 500 && $.replayAtMost.floor() == $.replayAtMost')
    ELSE false END)
);
--> statement-breakpoint

-- Bans from channels: a person from one channel or from all, or all people from one channel.
CREATE TABLE channel_bans (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid,
  channel text,
  reason text NOT NULL DEFAULT '',
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT channel_bans_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT channel_bans_created_by_users_id_fk FOREIGN KEY (created_by) REFERENCES users (id)
    ON DELETE SET NULL,
  CONSTRAINT channel_bans_once UNIQUE NULLS NOT DISTINCT (user_id, channel),
  CONSTRAINT channel_bans_somebody CHECK (num_nonnulls(user_id, channel) > 0)
);
--> statement-breakpoint
-- Recent joins of channels. Unlogged: written in batches after the response, and not needed after a crash.
-- vacated_at is when the broker reported that the channel had no subscription left: the people who joined
-- before have left. The row is kept, since a ban still has to reach their signatures.
CREATE UNLOGGED TABLE channel_joins (
  channel text NOT NULL,
  user_id uuid NOT NULL,
  joined_at timestamptz NOT NULL DEFAULT now(),
  vacated_at timestamptz,
  CONSTRAINT channel_joins_channel_user_id_pk PRIMARY KEY (channel, user_id),
  CONSTRAINT channel_joins_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
--> statement-breakpoint
CREATE INDEX channel_joins_user_id_index ON channel_joins (user_id);
--> statement-breakpoint
CREATE INDEX channel_joins_joined_at_index ON channel_joins (joined_at);
--> statement-breakpoint

-- The last report of the leading relay, for the admin console of every process: leader, start of the lead,
-- and last failure. One row; unlogged, since the next leader writes it again.
CREATE UNLOGGED TABLE relay_report (
  is_only boolean PRIMARY KEY DEFAULT true,
  leader text NOT NULL,
  leading_since timestamptz NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  last_error text,
  last_error_at timestamptz,
  CONSTRAINT relay_report_is_only_check CHECK (is_only)
);
--> statement-breakpoint
-- Apps at the broker. During a rotation the new app is current and the old one accepted.
CREATE TABLE broker_apps (
  id text PRIMARY KEY,
  key text NOT NULL,
  secret text NOT NULL,
  status text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT broker_apps_key_unique UNIQUE (key),
  CONSTRAINT broker_apps_status CHECK (status IN ('current', 'accepted', 'retired'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX broker_apps_one_current ON broker_apps (status) WHERE status = 'current';
--> statement-breakpoint

-- Changes made by admins and refused joins. The actor has no foreign key, since the entry outlives the account.
CREATE TABLE audit_log (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT now(),
  actor_id uuid,
  action text NOT NULL,
  subject text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  CONSTRAINT audit_log_action CHECK (action ~ '^[a-z-]+[.][a-z-]+$')
);
--> statement-breakpoint
CREATE INDEX audit_log_at_index ON audit_log (at);
--> statement-breakpoint
CREATE INDEX audit_log_actor_id_index ON audit_log (actor_id);
--> statement-breakpoint
CREATE INDEX audit_log_action_index ON audit_log (action);
