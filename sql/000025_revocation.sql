-- Revocation lists that were fetched, for every node and every restart; and what was told about certificates, once.
create table smdp.crls (
  -- Hash of issuer, key identifier and distribution point: a list replaces only an older one of the same scope.
  scope       bytea primary key,
  -- The URL that it came from.
  source      text collate "C" not null,
  -- As it came, its signature verified.
  der         bytea not null,
  number      text,
  this_update timestamptz not null,
  next_update timestamptz,
  fetched_at  timestamptz not null
);
create index crls_by_source on smdp.crls (source);

-- What became of fetching from each URL: the last success, and why the last attempt failed, if it did.
create table smdp.crl_sources (
  source     text collate "C" primary key,
  tried_at   timestamptz not null,
  fetched_at timestamptz,
  error      text
);

-- What was told about certificates, so that of several nodes one tells it: a day each.
create table smdp.certificate_notices (
  kind     text collate "C" not null check (kind in ('expiring', 'reloaded')),
  subject  text collate "C" not null,
  noted_on date not null,
  primary key (kind, subject, noted_on)
);
