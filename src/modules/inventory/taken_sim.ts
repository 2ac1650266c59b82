// What is to be known of a SIM profile that left the stock by its ICCID.
import type { ProfileType } from './profile_type.ts';

export type TakenSim = {
  iccid: string;
  imsi: string;
  msisdn: string | null;
  /** The mobile core that serves its line. */
  core: ProfileType['core'];
};
