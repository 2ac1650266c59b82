// Activation codes: the text in the QR picture that starts a download (SGP.22 §4.1).
import { AppError } from '../base/app_error.ts';
import { isOid } from '../der/oid.ts';

export type ActivationCode = {
  /** Host name, or host:port on a private network. */
  smdpAddress: string;
  /** May be empty: then the eUICC's EID names the order. */
  matchingId: string;
  smdpOid?: string | undefined;
  confirmationCodeRequired?: boolean | undefined;
};

/** The specification's limit (SGP.22 §4.1) for the whole text, `LPA:` not counted. */
export const activationCodeCharsMax = 255;

/** `LPA:1$host$matchingId[$oid][$1]`. Throws `invalid_request` when a part cannot stand in an activation code. */
export function writeActivationCode(code: ActivationCode): string {
  checkParts(code);
  const parts = ['1', code.smdpAddress, code.matchingId];
  if (code.smdpOid || code.confirmationCodeRequired) parts.push(code.smdpOid ?? '');
  if (code.confirmationCodeRequired) parts.push('1');
  const text = parts.join('$');
  if (text.length > activationCodeCharsMax) throw refused('the activation code is too long');
  return `LPA:${text}`;
}

/** Reads an activation code with or without `LPA:` in front. Throws `invalid_request`. */
export function readActivationCode(text: string): ActivationCode {
  const body = text.trim().replace(/^LPA:/i, '');
  if (body.length > activationCodeCharsMax) throw refused('the activation code is too long');
  const [format, smdpAddress = '', matchingId, smdpOid = '', confirmation = '', ...more] = body.split('$');
  if (format !== '1' || matchingId === undefined || more.length > 0)
    throw refused('not an activation code like LPA:1$smdp.example.com$MATCHING-ID');
  if (confirmation !== '' && confirmation !== '0' && confirmation !== '1')
    throw refused('the confirmation code flag is neither 0 nor 1');
  const code = {
    smdpAddress,
    matchingId,
    smdpOid: smdpOid === '' ? undefined : smdpOid,
    confirmationCodeRequired: confirmation === '1',
  };
  checkParts(code);
  return code;
}

function checkParts({ smdpAddress, matchingId, smdpOid }: ActivationCode): void {
  if (!/^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?(:\d{1,5})?$/.test(smdpAddress))
    throw refused('the SM-DP+ address is not a host name');
  if (!/^[\x21-\x23\x25-\x7e]{0,200}$/.test(matchingId))
    throw refused('the matching identifier holds a character that an activation code cannot carry');
  if (smdpOid !== undefined && !isOid(smdpOid)) throw refused('the SM-DP+ OID is not an object identifier');
}

function refused(detail: string): AppError {
  return new AppError('invalid_request', detail, { fields: [{ field: 'activationCode', detail }] });
}
