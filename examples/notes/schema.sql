create table if not exists members (
  board_id text not null,
  user_id text not null,
  primary key (board_id, user_id)
);
create table if not exists notes (
  id uuid primary key,
  board_id text not null,
  author_id text not null,
  body text not null check (length(body) between 1 and 1000),
  created_at timestamptz not null default now()
);
create table if not exists sessions (
  token text primary key,
  user_id text not null
);

grant select on members, notes, sessions to notes_site;
grant insert on notes to notes_site;

-- A member of a board reads its notes and adds own ones. `app.viewer` is set for each transaction.
alter table members enable row level security;
alter table notes enable row level security;
drop policy if exists own on members;
create policy own on members for select
  using (user_id = current_setting('app.viewer', true));
drop policy if exists members_read on notes;
create policy members_read on notes for select
  using (exists (select from members where members.board_id = notes.board_id));
drop policy if exists members_add on notes;
create policy members_add on notes for insert
  with check (
    author_id = current_setting('app.viewer', true)
    and exists (select from members where members.board_id = notes.board_id)
  );
