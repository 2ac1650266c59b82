// Usage comes in: each record is counted once, whoever sends it and however often.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { violatedConstraint } from '../../pg/translate_pg_error.ts';
import { write } from '../../pg/write.ts';
import { checkRecords, type IndexedRecord, type UsageFault } from './check_records.ts';
import { type CountedPiece, countRecords } from './count_records.ts';
import { cutPieces } from './cut_pieces.ts';
import type { Freshness } from './freshness.ts';
import { usageLimits } from './usage_limits.ts';
import type { NewUsageRecord, UsageSource } from './usage_record.ts';

/**
 * Counts up to 10,000 records of lines of the account (of any account when it is null): rates them, sums them up, and
 * tells what they change. A record whose id is stored already, or comes twice in the batch with the same content, is
 * `repeated` and not counted. With `onFault` `refuse` one bad record refuses all of them; with `skip` the good ones are
 * counted and the bad ones told. More than 1,000 records are counted in several transactions: when one of them fails,
 * send the whole batch again.
 * Throws `invalid_request`, `not_found` (unknown SIM) and `conflict` (one id, two contents) when a bad record refuses
 * the batch, with fields like `records[3].sim`; `unavailable` when others hold the lines too long.
 */
export async function recordUsage(ctx: Ctx, input: RecordUsage): Promise<RecordedUsage> {
  checkBatchSize(input.records);
  const checked = checkRecords(input.records, { now: ctx.now, source: input.source });
  refuseFaults(input, checked.faults);
  const cut = await cutPieces(ctx, input.accountId, checked.good);
  refuseFaults(input, cut.faults);
  const result = { counted: 0, repeated: checked.repeated, refused: [...checked.faults, ...cut.faults] };
  let lastRecordAt: Date | null = null;
  for (const records of cut.pieces) {
    const piece = await countPiece(ctx, input, records);
    result.counted += piece.counted;
    result.repeated += piece.repeated;
    result.refused.push(...piece.faults);
    if (lastRecordAt === null || (piece.lastRecordAt ?? lastRecordAt) > lastRecordAt)
      lastRecordAt = piece.lastRecordAt;
  }
  result.refused.sort((a, b) => a.index - b.index);
  return { ...result, freshness: { asOf: ctx.now, lastRecordAt, lastReceivedAt: lastRecordAt && ctx.now } };
}

export type RecordUsage = {
  accountId: string | null;
  source: UsageSource;
  records: readonly NewUsageRecord[];
  /** `refuse` unless given. */
  onFault?: 'refuse' | 'skip';
};

export type RecordedUsage = {
  counted: number;
  repeated: number;
  /** By their place in the batch. */
  refused: UsageFault[];
  /** Of what the batch told. */
  freshness: Freshness;
};

function checkBatchSize({ length }: readonly unknown[]): void {
  if (length >= 1 && length <= usageLimits.recordsPerBatchMax) return;
  throw new AppError('invalid_request', 'The batch is empty or too large.', {
    fields: [{ field: 'records', detail: `give 1 to ${usageLimits.recordsPerBatchMax} records` }],
  });
}

function refuseFaults({ onFault = 'refuse' }: RecordUsage, faults: readonly UsageFault[]): void {
  const [first] = faults;
  if (!first || onFault === 'skip') return;
  const fields = faults.slice(0, fieldsMax).map(({ index, field, detail }) => ({
    field: `records[${index}].${field}`,
    detail,
  }));
  throw new AppError(first.code, 'Correct these records and send the whole batch again.', { fields });
}

const fieldsMax = 100;
const attemptsMax = 3;

async function countPiece(
  ctx: Ctx,
  input: RecordUsage,
  records: readonly IndexedRecord[],
): Promise<CountedPiece> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write(ctx, {}, async (tx) => {
        const piece = await countRecords(tx, { ...input, records });
        refuseFaults(input, piece.faults);
        return piece;
      });
    } catch (error) {
      // Another one counted a record of the same id, on another line, since we looked: looking again finds it.
      const isRepeat = violatedConstraint(error) === 'records_pkey';
      if (!isRepeat || ctx.db.isTransaction || attempt === attemptsMax) throw error;
    }
  }
}
