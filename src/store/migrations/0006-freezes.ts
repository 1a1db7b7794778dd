/** Places where nothing is brought forward until a time, or until somebody lifts it. */
export const freezesMigration = `
create table freezes (
  id bigint generated always as identity primary key,
  environment text not null,
  -- Null for all services of the environment.
  service text,
  actor text not null,
  reason text not null,
  began_at timestamptz not null default clock_timestamp(),
  until timestamptz,
  lifted_at timestamptz
);
create index freezes_not_lifted on freezes (environment) where lifted_at is null;

create function rfc3339(moment timestamptz) returns text language sql stable as $$
  select to_char(moment at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
$$;

-- Those in force over a scope, or all of them. Volatile: within a statement that has the audit log's lock
-- it sees each freeze whose entry came before, whenever that statement began.
create function freezes_over(of_scope text) returns json language plpgsql volatile as $$
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
        of_scope is null
        or (
          environment = split_part(of_scope, '/', 1)
          and (service is null or service = split_part(of_scope, '/', 2))
        )
      )
  );
end $$;
`;
