-- Lists that the Super SIM door filters by.
create index commands_by_kind on sims.commands (account_id, kind, id);
create index fleets_by_profile on sims.fleets (network_access_profile_id, id);
