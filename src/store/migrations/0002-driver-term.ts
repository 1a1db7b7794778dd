/** Numbers those who drive deployments, so that a former driver cannot write any more. */
export const driverTermMigration = `
-- Of the driver that took over last. Beside the audit log's head, whose lock every step takes anyway:
-- who takes over waits for steps that are being recorded, and none is recorded after that.
alter table audit_head add column term integer not null default 0;

create function append_as_driver(entries jsonb, of_term integer) returns void language plpgsql as $$
declare
  present integer;
begin
  select term into present from audit_head for update;
  if present <> of_term then
    raise exception 'term % drives, not %', present, of_term using errcode = 'SF001';
  end if;
  perform append_audit(entries);
end $$;
`;
