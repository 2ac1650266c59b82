// A SIM as the vendor writes it: what has two names in its documentation has both.
import { activationCodeOf, type Esim, type EsimState } from '../../../modules/esims/index.ts';
import { writeDate } from '../wire/date.ts';

export function writeSim(esim: Esim) {
  const { iccid, matchingId, eid, updatedAt } = esim;
  const status = writeStatus(esim);
  const lpaUrl = activationCodeOf(esim);
  return {
    iccid,
    ...(matchingId !== null && { matching_id: matchingId, matchingId }),
    status,
    profileStatus: status,
    ...(eid !== null && { eid }),
    last_modified: writeDate(updatedAt),
    ...(lpaUrl !== null && { lpa_url: lpaUrl }),
  };
}

export function writeStatus({ state }: Pick<Esim, 'state'>): SimStatus {
  return statusOf[state];
}

export type SimStatus = 'Released' | 'Downloaded' | 'Installed' | 'Unavailable';

const statusOf: Record<EsimState, SimStatus> = {
  available: 'Released',
  downloaded: 'Downloaded',
  installed: 'Installed',
  deleted: 'Unavailable',
  failed: 'Unavailable',
};
