/** What a request key was used for, so that it is not taken for the key of another request. */
export const requestDigestMigration = `
alter table deployments add column request_digest text;
`;
