/** A statement that comes a second time, or late, does not take what people have asked for since. */
export const requestsTakenOnceMigration = `
create function take_requests(of_deployment integer, command text, outcome text)
returns json language plpgsql as $$
begin
  -- First of all: the same statement of another connection waits here, and then sees the entry.
  perform 1 from audit_head for update;
  if not exists (
    select 1 from audit_entries where deployment = of_deployment and key = outcome
  ) then
    update operator_requests set handled_after = command
    where deployment = of_deployment and handled_after is null;
  end if;
  return (
    select coalesce(
      json_agg(json_build_object('kind', kind, 'actor', actor, 'reason', reason) order by id), '[]'
    )
    from operator_requests where deployment = of_deployment and handled_after = command
  );
end $$;
`;
