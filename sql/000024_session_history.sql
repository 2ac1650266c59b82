-- RSP sessions are kept when they have ended, with what happened in them; profiles may be ordered over ES2+ and found
-- through an SM-DS.
alter table smdp.sessions
  add column opened_at      timestamptz not null default now(),
  -- The address that the LPA dialled, as this server is configured: which of its identities the session goes by.
  add column server_address text,
  -- Every call: [{function, at, status: 'ok' | 'refused', subjectCode?, reasonCode?, detail?}], in their order.
  add column steps          jsonb not null default '[]',
  add column ended_at       timestamptz,
  -- How it ended: installed, failed, cancelled, refused, or expired; null while it is open.
  add column outcome        text check (outcome in ('installed', 'failed', 'cancelled', 'refused', 'expired'));
alter table smdp.sessions drop constraint sessions_state_check, drop constraint sessions_check;
alter table smdp.sessions
  add constraint sessions_state check (state in ('initiated', 'authenticated', 'bound', 'ended')),
  add constraint sessions_known check (state in ('initiated', 'ended') or
    (eid is not null and iccid is not null and euicc_certificate is not null and smdp_signature2 is not null)),
  add constraint sessions_ended check ((state = 'ended') = (ended_at is not null) and (state = 'ended') = (outcome is not null));
drop index smdp.sessions_by_expiry;
create index sessions_by_expiry on smdp.sessions (expires_at) where state <> 'ended';
create index sessions_by_end on smdp.sessions (ended_at) where state = 'ended';
create index sessions_by_iccid on smdp.sessions (iccid, opened_at) where iccid is not null;
create index sessions_by_eid on smdp.sessions (eid, opened_at) where eid is not null;

alter table smdp.profiles
  -- The operator who ordered it over ES2+; null for one that an order of ours released.
  add column requester_id text collate "C",
  -- The SM-DS at which its event is registered for its EID; null for none.
  add column smds_address text,
  -- The last ES2+ call that was obeyed: a repetition of it is a resend.
  add column es2_call     jsonb,
  -- What the eUICC said last: true after enable, false after disable or delete, null before.
  add column enabled      boolean;
-- A profile that its operator gives back to the stock leaves this table; what was downloaded of it stays known.
alter table smdp.downloads drop constraint downloads_iccid_fkey;
create index profiles_by_requester on smdp.profiles (requester_id, iccid) where requester_id is not null;
create index profiles_by_account on smdp.profiles (account_id, created_at, iccid);
create index profiles_by_eid on smdp.profiles (eid, created_at) where eid is not null;

-- A type of profiles belongs to the account that made it; null for those of the whole installation.
alter table inventory.profile_types add column account_id text collate "C";
