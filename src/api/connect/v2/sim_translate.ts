// A SIM as version 2 writes it.
import { activationCodeOf, type Esim } from '../../../modules/esims/index.ts';
import { writeQrUrl } from '../qr/qr_url.ts';
import { writeStatus } from '../sims/sim_translate.ts';
import { writeDate } from '../wire/date.ts';
import { type Linking, linkTo } from './links.ts';

export function writeSimV2(call: Linking, esim: Esim) {
  const { iccid, matchingId, eid, updatedAt, origin } = esim;
  const code = activationCodeOf(esim);
  return {
    iccid,
    status: writeStatus(esim),
    ...(matchingId !== null && { matching_id: matchingId }),
    ...(eid !== null && { eid }),
    last_modified: writeDate(updatedAt),
    sim_type: origin === 'card' ? 'PSIM' : 'ESIM',
    _metadata: {
      links: {
        ...(code !== null && { _lpa: code, _qrcode: writeQrUrl(call.base, code) }),
        _subscriptions: linkTo(call, `/subscriptions?iccid=${iccid}`),
        _self: linkTo(call, `/sims/${iccid}`),
      },
    },
  };
}
