// The card at run time: its state, its keys, and the one RSP session it can have.
import type { OneTimeKey } from '../../crypto/one_time_key.ts';
import type { CardState } from '../card_state.ts';
import type { ServerCertificate } from './check_server_certificate.ts';
import type { Credential } from './credential.ts';
import type { Loading } from './loading.ts';

export type Euicc = {
  state: CardState;
  credentials: Credential[];
  session: Session;
  now: () => Date;
  /** True: a profile package is checked element by element before it is installed. */
  interpretsProfiles: boolean;
  /** Set by a command that changed `state`. */
  changed: boolean;
};

/** idle → (BF2E) challenged → (BF38) authenticated → (BF21) prepared → (BF36) loading → idle. */
export type Session =
  | { state: 'idle' }
  | { state: 'challenged'; challenge: Uint8Array }
  | ({ state: 'authenticated' } & Authenticated)
  | ({ state: 'prepared' } & Prepared)
  | LoadingSession;

/** What AuthenticateServer established. */
export type Authenticated = {
  transactionId: Uint8Array;
  serverAddress: string;
  server: ServerCertificate;
  credential: Credential;
  euiccSignature1: Uint8Array;
};

/** What PrepareDownload added. */
export type Prepared = Authenticated & { smdp: ServerCertificate; oneTimeKey: OneTimeKey };

/** What InitialiseSecureChannel added. */
export type LoadingSession = { state: 'loading'; loading: Loading } & Prepared;
