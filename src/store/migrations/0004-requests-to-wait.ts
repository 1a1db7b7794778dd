/** People may ask for more than the way back; each request has a number that its answer names. */
export const requestsToWaitMigration = `
alter table operator_requests drop constraint operator_requests_kind_check;
alter table operator_requests add check (kind in ('abort', 'pause', 'resume', 'promote'));
-- What a request says beyond who and why.
alter table operator_requests add column details jsonb not null default '{}';

create or replace function take_requests(of_deployment integer, command text, outcome text)
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
      json_agg(
        jsonb_build_object('id', id, 'kind', kind, 'actor', actor, 'reason', reason) || details
        order by id
      ), '[]'
    )
    from operator_requests where deployment = of_deployment and handled_after = command
  );
end $$;
`;
