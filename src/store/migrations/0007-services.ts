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

-- Those in force over any of some scopes, or all of them. Volatile: within a statement that has the audit
-- log's lock it sees each freeze whose entry came before, whenever that statement began.
create function freezes_over(of_scopes text[]) returns json language plpgsql volatile as $$
begin
  return (
    select coalesce(
      json_agg(
        json_build_object(
          'id', id, 'environment', environment, 'service', service, 'actor', actor,
          'reason', reason, 'beganAt', rfc3339(began_at), 'until', rfc3339(until)
        ) order by id
      ), '[]'
    )
    from freezes
    where lifted_at is null and (until is null or until > clock_timestamp())
      and (
        of_scopes is null
        or exists (
          select 1 from unnest(of_scopes) as of_scope
          where environment = split_part(of_scope, '/', 1)
            and (service is null or service = split_part(of_scope, '/', 2))
        )
      )
  );
end $$;
`;
