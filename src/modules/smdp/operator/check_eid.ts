// An EID that a profile is to be bound to must be one, and a profile must be findable by the eUICC that shall have it.
import { AppError } from '../../../base/app_error.ts';
import { isEid } from '../../../base/digits.ts';
import type { ProfileTerms } from './operated_profile.ts';

/** Throws `invalid_request` for what is no EID; null is fine. */
export function checkEid(eid: string | null): void {
  if (eid === null || isEid(eid)) return;
  throw new AppError('invalid_request', 'eid: this is not an EID.', {
    fields: [{ field: 'eid', detail: 'give the 32 digits, with valid check digits' }],
  });
}

/** Throws `conflict` when neither a matching id nor an EID would lead to it. */
export function checkFindable({ eid, matchingId }: Pick<ProfileTerms, 'eid' | 'matchingId'>): void {
  if (eid !== null || matchingId !== null) return;
  throw new AppError(
    'conflict',
    'It has no matching id, so only its EID leads to it: give another EID, or release it again with a new matching id.',
  );
}
