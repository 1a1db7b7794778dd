/** A deployment is of several services; whatever was one per scope is kept by scope. */
export const servicesMigration = `
create table deployment_services (
  deployment integer not null references deployments (number),
  scope text not null,
  -- That the deployment brings in; null when it brings in none.
  pool text unique,
  running boolean not null,
  primary key (deployment, scope)
);
-- One deployment at a time: the database itself refuses a second one.
create unique index deployment_services_one_running on deployment_services (scope) where running;
create index deployment_services_by_scope on deployment_services (scope, deployment desc);

-- Older plans are of one service, whose fields are their own.
create function services_of(plan jsonb) returns setof jsonb language sql immutable as $$
  select jsonb_array_elements(coalesce(plan -> 'services', jsonb_build_array(plan)));
$$;
create function pool_brought_in(plan jsonb, service jsonb) returns text language sql immutable as $$
  select case when plan ->> 'kind' <> 'restore' then service -> 'candidate' ->> 'pool' end;
$$;

insert into deployment_services (deployment, scope, pool, running)
select number, service ->> 'scope', pool_brought_in(plan, service), status = 'running'
from deployments, services_of(plan) as service;

-- Kept by the database, whichever version of Surefoot writes.
create function keep_deployment_services() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into deployment_services (deployment, scope, pool, running)
    select new.number, service ->> 'scope', pool_brought_in(new.plan, service), new.status = 'running'
    from services_of(new.plan) as service;
  else
    update deployment_services set running = (new.status = 'running') where deployment = new.number;
  end if;
  return null;
end $$;
create trigger deployments_have_services after insert or update of status on deployments
  for each row execute function keep_deployment_services();

-- Those in force over any of some scopes, or all of them; volatile like the one for a single scope.
create function freezes_over(of_scopes text[]) returns json language plpgsql volatile as $$
begin
  if of_scopes is null then
    return freezes_over(null::text);
  end if;
  return (
    select coalesce(json_agg(one_freeze order by (one_freeze ->> 'id')::bigint), '[]')
    from (
      select distinct on (one_freeze ->> 'id') one_freeze
      from unnest(of_scopes) as of_scope, json_array_elements(freezes_over(of_scope)) as one_freeze
    ) as over_any
  );
end $$;
`;
