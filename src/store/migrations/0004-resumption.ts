/** Which of a deployment's drivers may write: only the newest. */
export const resumptionMigration = `
alter table deployments add column resumption integer not null default 0;
`;
