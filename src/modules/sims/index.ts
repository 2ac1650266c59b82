// Lines: the SIM of each eSIM as the network sees it, what it may do, and the mobile core that serves it.
// Owns: sims.sims, sims.fleets, sims.network_access_profiles, sims.billing_periods, sims.commands. Emits: sim.created,
// sim.updated, sim.status_changed, sim.first_attached, sim.attached, sim.detached, sim.refreshed, sim.country_changed,
// sim.first_used, sim.billing_period_started, sim.data_limit_reached, sim.data_restored, sim.core_failed, sim.core_told,
// fleet.created, fleet.updated, command.queued, command.sent, command.delivered, command.received, command.failed.
// Invariants: a line moves only as the table in sim.ts allows; what its mobile core must do for it is done before the
// line shows it, and tried until it is done; a change while the core is told is told again; lines are locked in the order
// of their ids, before anything else of them; keys of a subscription leave only towards its core; months of billing follow
// each other without a gap while a line is active.

export { addMonths, type BillingPeriod, type PeriodKind } from './billing/billing_period.ts';
export { listBillingPeriods } from './billing/list_billing_periods.ts';
export type {
  Command,
  CommandDirection,
  CommandKind,
  CommandStatus,
  PayloadType,
} from './commands/command.ts';
export { type CommandFilter, getCommand, listCommands } from './commands/find_commands.ts';
export { type ReceivedCommand, receiveCommand } from './commands/receive_command.ts';
export { type CommandReport, reportCommand } from './commands/report_command.ts';
export { type NewCommand, sendCommand } from './commands/send_command.ts';
export { takeCommands } from './commands/take_commands.ts';
export type { CoreUpdate, CoreUpdateStatus } from './cores/core_update.ts';
export { type CoreUpdateFilter, listCoreUpdates } from './cores/list_core_updates.ts';
export type { MobileCore, MobileCoreName, Subscriber } from './cores/mobile_core.ts';
export { openOpen5gs } from './cores/open5gs.ts';
export { openOsmoHlr } from './cores/osmo_hlr.ts';
export { tellCores } from './cores/tell_cores.ts';
export { createSims, type NewSim } from './create_sims.ts';
export { endLines } from './end_lines.ts';
export { findSimIds, findSims, getSim, listSims, networksOfLine, type SimFilter } from './find_sims.ts';
export { type FleetFilter, getFleet, listFleets } from './fleets/find_fleets.ts';
export { getNetworkAccessProfile, listNetworkAccessProfiles } from './fleets/find_network_access_profiles.ts';
export type { Fleet, FleetSettings } from './fleets/fleet.ts';
export type { NetworkAccessProfile } from './fleets/network_access_profile.ts';
export { createFleet, type NewFleet, type UpdateFleet, updateFleet } from './fleets/put_fleets.ts';
export {
  addNetwork,
  createNetworkAccessProfile,
  type NetworkOfProfile,
  type NewNetworkAccessProfile,
  removeNetwork,
  type UpdateNetworkAccessProfile,
  updateNetworkAccessProfile,
} from './fleets/put_network_access_profiles.ts';
export { lockLines } from './lock_lines.ts';
export { moveSimRows } from './move_sim_rows.ts';
export { type Attachment, attachLine, detachLine, locateLine, type SeenLine } from './network/attach_line.ts';
export { type AuthenticationVector, authenticationVector } from './network/authentication_vector.ts';
export { refreshLine } from './network/refresh_line.ts';
export { type LineUsed, noteUsage } from './note_usage.ts';
export { type LineSpeed, setSpeeds } from './set_speeds.ts';
export type { FleetRules, Line, Sim, SimStatus, WantedStatus } from './sim.ts';
export { simsDueWork } from './sims_due_work.ts';
export { switchLine } from './switch_line.ts';
export { type UpdateSim, updateSim } from './update_sim.ts';
