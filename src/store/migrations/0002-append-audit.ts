/**
 * The audit log's writer as a function of the database: planned once per connection, and one call
 * however many entries a step leaves.
 */
export const appendAuditMigration = `
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
