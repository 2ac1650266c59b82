-- Operators that order profiles over ES2+: who they are, what they ordered, and what they are still to be told.
create table smdp.function_requesters (
  id                    text collate "C" primary key,
  account_id            text collate "C" not null,
  -- functionRequesterIdentifier of its calls.
  identifier            text collate "C" not null,
  -- Its client certificates in PEM, and the SHA-256 of each in lower-case hex.
  certificates          text[] not null,
  fingerprints          text[] not null,
  -- Or the CAs whose certificates it calls with, in PEM, their subjects as text, and the common name it must have.
  ca                    text,
  ca_subjects           text[] not null default '{}',
  subject_common_name   text,
  -- Where HandleDownloadProgressInfo is called; null for nowhere. Its CA in PEM; null for the public ones and our CIs.
  progress_url          text,
  progress_ca           text,
  -- True for one that is also told of enabled, disabled and deleted profiles.
  tells_changes         boolean not null,
  -- Calls in a row that failed, and until when it is left alone.
  progress_failures     integer not null default 0,
  progress_paused_until timestamptz,
  created_at            timestamptz not null,
  updated_at            timestamptz not null,
  removed_at            timestamptz,
  check (cardinality(certificates) = cardinality(fingerprints)),
  check ((ca is null) = (cardinality(ca_subjects) = 0)),
  check ((ca is null) <> (cardinality(certificates) = 0)),
  check (ca is not null or subject_common_name is null)
);
create unique index function_requesters_by_identifier on smdp.function_requesters (identifier) where removed_at is null;
create index function_requesters_by_account on smdp.function_requesters (account_id, id);
create index function_requesters_by_fingerprint on smdp.function_requesters using gin (fingerprints) where removed_at is null;
create index function_requesters_by_ca on smdp.function_requesters using gin (ca_subjects) where removed_at is null;

alter table smdp.profiles
  -- The name of its type, for what its operator is told; null for those that an order of ours released.
  add column profile_type text,
  -- The EID that its operator named; null when it may go to any eUICC.
  add column ordered_eid  text;
-- A repetition of a call that named no ICCID.
create index profiles_by_es2_call on smdp.profiles (requester_id, (es2_call->>'functionCallIdentifier'))
  where requester_id is not null and es2_call->>'function' = 'downloadOrder';

-- Orders that were cancelled and whose profile went back into stock: a repetition of that call is a resend.
create table smdp.cancelled_orders (
  iccid        text collate "C" primary key,
  account_id   text collate "C" not null,
  es2_call     jsonb not null,
  cancelled_at timestamptz not null
);
create index cancelled_orders_by_time on smdp.cancelled_orders (cancelled_at);

-- What operators are told by HandleDownloadProgressInfo: of one ICCID in the order of `position`, each until it is taken.
create table smdp.progress_reports (
  position     bigint generated always as identity primary key,
  requester_id text collate "C" not null references smdp.function_requesters,
  iccid        text collate "C" not null,
  eid          text,
  profile_type text not null,
  -- notificationPointId: 1 to 4 as SGP.22 has them; ours: 101 enabled, 102 disabled, 103 deleted.
  point        integer not null check (point in (1, 2, 3, 4, 101, 102, 103)),
  -- notificationPointStatus as it is sent.
  status       jsonb not null,
  -- The PendingNotification as the eUICC gave it.
  result_data  bytea,
  at           timestamptz not null,
  attempts     integer not null default 0,
  due_at       timestamptz not null,
  -- Until when the node that sends it has it to itself.
  locked_until timestamptz,
  sent_at      timestamptz,
  gave_up_at   timestamptz,
  last_error   text,
  check (sent_at is null or gave_up_at is null)
);
create index progress_reports_waiting on smdp.progress_reports (requester_id, due_at)
  where sent_at is null and gave_up_at is null;
create index progress_reports_in_order on smdp.progress_reports (iccid, requester_id, position)
  where sent_at is null and gave_up_at is null;
create index progress_reports_by_iccid on smdp.progress_reports (iccid, position);
create index progress_reports_by_time on smdp.progress_reports (at);
