// eSIMs as CSV (RFC 4180): what somebody needs to hand them out.
import { activationCodeOf, type Esim } from '../../modules/esims/index.ts';
import { installUrl } from './esims_translate.ts';

/** The first line. */
export const csvHead = 'ICCID,Activation code,SM-DP+ address,Matching id,Install URL\r\n';

/** The line of one eSIM; codes are empty when it is fetched from the default SM-DP+. */
export function writeCsvLine(esim: Esim, baseUrl: string): string {
  const values = [
    esim.iccid,
    activationCodeOf(esim) ?? '',
    esim.smdpAddress,
    esim.matchingId ?? '',
    installUrl(esim, baseUrl),
  ];
  return `${values.map(quoted).join(',')}\r\n`;
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
