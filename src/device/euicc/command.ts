// What every ES10 command of the card is: a function from the card and one TLV to the answer's bytes.
import type { Tlv } from '../../der/tlv.ts';
import type { Euicc } from './euicc.ts';

/** Throws `malformed_der` (answered 6A80) before it changes anything. Sets `euicc.changed` when the state did change. */
export type Command = (euicc: Euicc, command: Tlv) => Uint8Array;
