// Why an eSIM or its order failed, as the vendor's error codes.

/** The vendor's code for what `failure.code` of the core says. */
export function errorCodeOf({ code }: { code: string }): string {
  return errorCodes.get(code) ?? '20500';
}

// 83500 is in the vendors' lists. For profiles that can no longer be downloaded they publish none: 83501 is ours.
const errorCodes = new Map([
  ['stock_empty', '83500'],
  ['download_failed', '83501'],
  ['download_expired', '83501'],
]);
