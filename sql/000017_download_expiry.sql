-- Profiles that may be downloaded only until a moment: found when it has come.
create index profiles_expiring on smdp.profiles (expires_at) where state = 'released' and expires_at is not null;
create index profiles_expiring_by_account on smdp.profiles (account_id, expires_at)
  where state = 'released' and expires_at is not null;
