// Bundles on an eSIM, which the vendor calls assignments, from the core to the wire.
import {
  type Allowance,
  type AllowanceKind,
  type Bundle,
  remainingOf,
} from '../../../modules/bundles/index.ts';
import { writeUuid } from '../../http/uuid_of_id.ts';
import { writeAllowances } from '../catalogue/catalogue_translate.ts';
import { writeTime } from '../wire/time.ts';

/** `unfinished`: ids of orders that are still being processed. */
export function writeAssignment(bundle: Bundle, unfinished: ReadonlySet<string>) {
  const { startsAt, endsAt, allowances } = bundle;
  const kind = kinds.find((each) => allowances[each] !== undefined) ?? 'data';
  return {
    id: bundle.id,
    callTypeGroup: kind,
    ...writeQuantities(kind, allowances[kind] ?? nothing),
    ...(startsAt && { startTime: writeTime(startsAt) }),
    ...(endsAt && { endTime: writeTime(endsAt) }),
    assignmentDateTime: writeTime(bundle.assignedAt),
    assignmentReference: `${writeUuid(bundle.orderId)}-0`,
    bundleState: writeBundleState(bundle, unfinished),
    unlimited: allowances.data?.initial === null,
    allowances: writeAllowances(allowedBy(bundle)),
  };
}

/** What the quantities are of: data where there are any. */
const kinds: readonly AllowanceKind[] = ['data', 'voice', 'sms'];
const nothing: Allowance = { initial: 0n, used: 0n, told: 0 };

/** A queued bundle is shown as being processed until all of its order is there. */
export function writeBundleState(
  { state, orderId }: Pick<Bundle, 'state' | 'orderId'>,
  unfinished: ReadonlySet<string>,
): Bundle['state'] {
  return state === 'queued' && unfinished.has(orderId) ? 'processing' : state;
}

/** Bytes, messages, or whole minutes; -1 for unlimited, as in the catalogue. */
function writeQuantities(kind: AllowanceKind, allowance: Allowance) {
  const write = (amount: bigint | null) =>
    amount === null ? unlimitedQuantity : Number(kind === 'voice' ? amount / 60n : amount);
  return {
    initialQuantity: write(allowance.initial),
    remainingQuantity: write(remainingOf(allowance)),
  };
}

const unlimitedQuantity = -1;

function allowedBy({ allowances: { data, sms, voice }, fairUse }: Bundle) {
  return {
    dataBytes: data?.initial ?? null,
    unlimited: data?.initial === null,
    fairUse,
    smsCount: sms ? Number(sms.initial) : null,
    voiceSeconds: voice ? Number(voice.initial) : null,
  };
}
