// ES10b GetRAT (SGP.22 §5.7.22): the rules authorisation table, row by row.
import { fromHex } from '../../base/bytes.ts';
import { namedBits } from '../../der/bit_string.ts';
import { fields } from '../../der/fields.ts';
import { sequence, tlv } from '../../der/write_tlv.ts';
import { pprIds, writeFlags } from '../../rsp/asn1/named_flags.ts';
import { writeOperatorId } from '../../rsp/asn1/operator_id.ts';
import type { RatRow } from '../card_state.ts';
import type { Command } from './command.ts';

const consentRequiredBit = 0;

export const getRat: Command = ({ state }, command) => {
  fields(command).end();
  return tlv(0xbf43, tlv(0xa0, ...state.rat.map(writeRow)));
};

/** ProfilePolicyAuthorisationRule { pprIds [0], allowedOperators [1], pprFlags [2] }. */
function writeRow(row: RatRow): Uint8Array {
  return sequence(
    writeFlags(row.pprIds, pprIds, 0x80),
    tlv(0xa1, ...row.allowedOperators.map(writeOperator)),
    namedBits(row.consentRequired ? [consentRequiredBit] : [], 0x82),
  );
}

function writeOperator({ mccMnc, gid1, gid2 }: RatRow['allowedOperators'][number]): Uint8Array {
  const bytes = (hex: string | undefined) => (hex === undefined ? undefined : fromHex(hex));
  return writeOperatorId({ mccMnc: fromHex(mccMnc), gid1: bytes(gid1), gid2: bytes(gid2) }, 0x30);
}
