-- What an operator looks up: the history of a profile, what its eUICCs reported, the profiles that failed, and those
-- of a function requester.
create index events_of_profiles on events.events (account_id, resource_id, position) where type like 'profile.%';
create index notifications_by_iccid on smdp.notifications (iccid, received_at);
create index profiles_in_error on smdp.profiles (account_id, created_at, iccid) where state = 'error';
create index profiles_of_requesters on smdp.profiles (requester_id, created_at, iccid) where requester_id is not null;
