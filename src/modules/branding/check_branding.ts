// What a branding must be: a name that stands for it, names that phones show, and a picture that cameras read.
import { AppError, type FieldError } from '../../base/app_error.ts';
import { faultsOfStyle } from '../activation/index.ts';
import type { BrandingSettings } from './branding.ts';

const nameCharsMax = 100;
const shownCharsMax = 16;
/** Of the service provider name in a profile's metadata (SGP.22 §5.5.3). */
const networkNameBytesMax = 32;

/** Throws `invalid_request` naming each field at fault. */
export function checkBranding(branding: BrandingSettings & { name: string }): void {
  const { name, installName, networkName } = branding;
  const fields = [
    ...faultsOfName(name),
    ...faultsOfShown('installName', installName),
    ...faultsOfShown('networkName', networkName),
    ...faultsOfStyle(branding),
  ];
  if (fields.length > 0) throw new AppError('invalid_request', 'The branding is not valid.', { fields });
}

/** A name stands for its branding in URLs and orders, so it never looks like an id. */
function faultsOfName(name: string): FieldError[] {
  if (!isPrintable(name) || [...name].length > nameCharsMax)
    return [{ field: 'name', detail: `give 1 to ${nameCharsMax} printable characters` }];
  return name.startsWith('brd_') ? [{ field: 'name', detail: 'a name cannot look like an id' }] : [];
}

function faultsOfShown(field: 'installName' | 'networkName', shown: string | null): FieldError[] {
  if (shown === null) return [];
  if (!isPrintable(shown) || [...shown].length > shownCharsMax)
    return [{ field, detail: `give 1 to ${shownCharsMax} printable characters` }];
  if (field === 'networkName' && Buffer.byteLength(shown) > networkNameBytesMax)
    return [{ field, detail: `give at most ${networkNameBytesMax} bytes of UTF-8` }];
  return [];
}

/** No control, format or private characters, and not only blanks. */
function isPrintable(text: string): boolean {
  return text.trim() !== '' && text === text.trim() && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text);
}
