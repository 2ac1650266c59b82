// Stock is added only to types whose profiles we make ourselves.
import { AppError } from '../../base/app_error.ts';
import type { ProfileType } from './profile_type.ts';

/** Throws `conflict` for a profile type that a remote SM-DP+ serves. */
export function checkTakesStock({ name, remote }: Pick<ProfileType, 'name' | 'remote'>): void {
  if (remote === null) return;
  throw new AppError(
    'conflict',
    `The remote SM-DP+ ${remote.smdp} makes the profiles of ${name}: it has the stock of them.`,
  );
}
