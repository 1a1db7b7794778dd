/**
 * The schema, as steps that only ever add. Two releases share it while one replaces the other, so a
 * step must leave everything the older release reads and writes as it is.
 */
import type { Feature } from './release.ts';

export interface SchemaStep {
  readonly name: string;
  /** Null: every release has it. */
  readonly feature: Feature | null;
  readonly sql: string;
}

export const schemaSteps: readonly SchemaStep[] = [
  {
    name: 'users',
    feature: null,
    sql: `
      create table if not exists users (
        id integer generated always as identity primary key,
        name text not null unique,
        role text not null,
        password text not null
      );
      create table if not exists sessions (
        token_digest bytea primary key,
        user_id integer not null references users on delete cascade,
        expires_at timestamptz not null
      );`,
  },
  {
    name: 'articles',
    feature: null,
    sql: `
      create table if not exists articles (
        id integer generated always as identity primary key,
        title text not null,
        body text not null,
        author_id integer not null references users,
        published_at timestamptz,
        updated_at timestamptz not null default now(),
        words integer
      );
      create index if not exists articles_published on articles (published_at desc, id desc)
        where published_at is not null;
      create table if not exists comments (
        id integer generated always as identity primary key,
        article_id integer not null references articles on delete cascade,
        client_key text collate "C" not null unique,
        author text not null,
        text text not null,
        runs integer not null default 1,
        created_at timestamptz not null default now()
      );
      create index if not exists comments_of_article on comments (article_id, id desc);`,
  },
  {
    name: 'media',
    feature: null,
    // External storage: ranges are cut out of the stored bytes without unpacking all of them.
    sql: `
      create table if not exists media (
        digest text primary key,
        type text not null,
        name text not null,
        bytes integer not null,
        data bytea storage external not null,
        uploaded_by integer not null references users,
        verified_at timestamptz,
        created_at timestamptz not null default now()
      );`,
  },
  {
    name: 'jobs',
    feature: null,
    sql: `
      create table if not exists jobs (
        id integer generated always as identity primary key,
        kind text not null,
        subject text not null,
        run_at timestamptz not null default now(),
        attempts integer not null default 0,
        failed_at timestamptz
      );
      create index if not exists jobs_due on jobs (run_at) where failed_at is null;`,
  },
  {
    name: 'tags',
    feature: 'tags',
    sql: `
      create table if not exists article_tags (
        article_id integer not null references articles on delete cascade,
        tag text not null,
        primary key (article_id, tag)
      );
      create index if not exists article_tags_by_tag on article_tags (tag);
      insert into article_tags (article_id, tag)
        select id, case when id % 2 = 0 then 'city' else 'science' end from articles
        on conflict do nothing;`,
  },
];
