/** People may approve, too. */
export const approvalsMigration = `
alter table operator_requests drop constraint operator_requests_kind_check;
alter table operator_requests
  add check (kind in ('abort', 'pause', 'resume', 'promote', 'approve'));
`;
