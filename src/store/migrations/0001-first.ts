/** Deployments, their requests and configs, and an audit log that only grows, without gaps. */
export const firstMigration = `
create table deployments (
  number integer primary key,
  scope text not null,
  status text not null check (status in ('running', 'promoted', 'reverted', 'held')),
  plan jsonb not null,
  plan_digest text not null,
  state jsonb not null,
  summary jsonb,
  actor text not null,
  reason text not null,
  -- Of several drivers of a deployment only the newest may write.
  resumption integer not null default 0,
  request_key text unique,
  -- What the key was used for, so that it is not taken for the key of another request.
  request_digest text,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);

-- One deployment at a time: the database itself refuses a second one.
create unique index deployments_one_running_per_scope on deployments (scope) where status = 'running';
create index deployments_by_scope on deployments (scope, number desc);

-- Which state directories may use this database: those that were told this id.
create table installation (
  only_row boolean primary key default true check (only_row),
  id uuid not null default gen_random_uuid()
);
insert into installation default values;

create table operator_requests (
  id bigint generated always as identity primary key,
  deployment integer not null references deployments (number),
  kind text not null check (kind in ('abort')),
  actor text not null,
  reason text not null,
  created_at timestamptz not null default now(),
  handled_after text
);
create index operator_requests_open on operator_requests (deployment) where handled_after is null;

create table release_configs (
  config_digest text primary key,
  environment jsonb not null
);

create table audit_entries (
  sequence bigint primary key,
  at timestamptz not null default clock_timestamp(),
  scope text,
  deployment integer,
  actor text not null,
  key text,
  body jsonb not null
);
create unique index audit_entries_once on audit_entries (deployment, key) where key is not null;
create index audit_entries_by_deployment on audit_entries (deployment, sequence);

-- The row's lock orders all writers, so that numbers are given in commit order and none is skipped.
create table audit_head (
  only_row boolean primary key default true check (only_row),
  sequence bigint not null
);
insert into audit_head (sequence) values (0);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit entries are never changed or removed' using errcode = 'restrict_violation';
end $$;
create trigger audit_entries_stay before update or delete on audit_entries
  for each row execute function refuse_audit_change();
create trigger audit_entries_are_kept before truncate on audit_entries
  for each statement execute function refuse_audit_change();

-- Planned once per connection, and one call however many entries a step leaves.
create function append_audit(entries jsonb) returns void language plpgsql as $$
declare
  entry record;
  place bigint;
begin
  -- First of all, so that what is checked below cannot change any more.
  select sequence into place from audit_head for update;
  for entry in
    select * from jsonb_to_recordset(entries)
      as given (scope text, deployment integer, actor text, key text, body jsonb)
  loop
    continue when entry.key is not null and exists (
      select 1 from audit_entries as present
      where present.deployment = entry.deployment and present.key = entry.key
    );
    place := place + 1;
    insert into audit_entries (sequence, scope, deployment, actor, key, body)
    values (place, entry.scope, entry.deployment, entry.actor, entry.key, entry.body);
  end loop;
  update audit_head set sequence = place where sequence <> place;
end $$;
`;
