// Usage: what lines used, told by records, files or RADIUS accounting.
// Owns: usage.records, usage.hours, usage.radius_sessions. Emits nothing itself: what usage changes is told by the lines
// and the bundles.
// Invariants: a record counts once, however often and over whatever way it comes; the sums of the hours are those of the
// records; charges are those of all records in time order, late ones included; records of one line are rated one after
// the other. Locks: lines by id, then bundles, then usage.
export type { UsageFault } from './check_records.ts';
export { isZone } from './csv/csv_time.ts';
export { type CsvUnit, csvUnits } from './csv/csv_volume.ts';
export { type CsvFault, type ImportedUsage, importUsageCsv, type UsageFile } from './csv/import_usage_csv.ts';
export { type DeletedUsage, deleteOldUsage } from './delete_old_usage.ts';
export type { Freshness } from './freshness.ts';
export { getUsage, type UsageAnswer } from './get_usage.ts';
export { listUsageRecords, type RecordsFilter, type RecordsPage } from './list_usage_records.ts';
export {
  type Accounted,
  noteAccounting,
  type RadiusAccounting,
  type RadiusStatus,
} from './radius/note_accounting.ts';
export { type RecordedUsage, type RecordUsage, recordUsage } from './record_usage.ts';
export { usageLimits } from './usage_limits.ts';
export type {
  PlaceOfSum,
  UsageFilter,
  UsageGranularity,
  UsageGroup,
  UsageQuestion,
  UsageSum,
} from './usage_question.ts';
export type { CountedRecord, NewUsageRecord, UsageKind, UsageSource } from './usage_record.ts';
