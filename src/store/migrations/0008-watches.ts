/** What the watch at hand has seen of a service's traffic, so that a crash does not begin it anew. */
export const watchesMigration = `
create table deployment_watches (
  deployment integer not null references deployments (number),
  scope text not null,
  -- With what is recorded under this key the watch has ended.
  outcome_key text not null,
  watched jsonb not null,
  primary key (deployment, scope)
);
`;
