-- eSIMs that were there before lines get theirs: ready with a bundle, else new.
insert into sims.sims (id, account_id, esim_id, iccid, imsi, msisdn, status, core, period_starts_at, due_at, created_at, updated_at)
select 'sim_' || substring(e.id from 5), e.account_id, e.id, e.iccid, s.imsi, s.msisdn,
  case when b.is_ready then 'ready' else 'new' end, 'simulated',
  case when b.is_ready then e.created_at end, case when b.is_ready then e.created_at + interval '3 months' end,
  e.created_at, e.created_at
from esims.esims e
join inventory.sim_profiles s on s.iccid = e.iccid
cross join lateral (select exists (select from bundles.bundles where esim_id = e.id) as is_ready) as b
where e.state <> 'failed' and not exists (select from sims.sims where esim_id = e.id);

insert into sims.billing_periods (id, account_id, sim_id, kind, starts_at)
select 'bpd_' || substring(s.id from 5), s.account_id, s.id, 'ready', s.period_starts_at
from sims.sims s
where s.status = 'ready' and not exists (select from sims.billing_periods where sim_id = s.id);

-- Bundles of before are refundable and lapse as those of today do, counted from their assignment.
update bundles.bundles
set lapses_at = assigned_at + interval '365 days', due_at = assigned_at + interval '365 days'
where state = 'queued' and lapses_at = 'infinity';
