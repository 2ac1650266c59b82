// Which policy rule of a profile the card does not grant: by its forbidden rules and its rules authorisation table.
import { fromHex, sameBytes, toHex } from '../../base/bytes.ts';
import type { PprId } from '../../rsp/asn1/named_flags.ts';
import type { OperatorId } from '../../rsp/asn1/operator_id.ts';
import type { StoreMetadataRequest } from '../../rsp/asn1/store_metadata.ts';
import type { CardState, RatRow } from '../card_state.ts';

/** The first rule refused, or undefined when all are granted. A rule without a profile owner is never granted. */
export function findForbiddenPpr(state: CardState, metadata: StoreMetadataRequest): PprId | undefined {
  const { profilePolicyRules = [], profileOwner } = metadata;
  return profilePolicyRules.find(
    (ppr) =>
      state.properties.forbiddenProfilePolicyRules.includes(ppr) ||
      !profileOwner ||
      !findRatRow(state.rat, ppr, profileOwner),
  );
}

/** The first row that names the rule and the owner: it alone decides (SGP.22 §2.9.2.1). */
export function findRatRow(rat: readonly RatRow[], ppr: PprId, owner: OperatorId): RatRow | undefined {
  return rat.find(
    (row) => row.pprIds.includes(ppr) && row.allowedOperators.some((operator) => isOperator(operator, owner)),
  );
}

function isOperator(operator: RatRow['allowedOperators'][number], owner: OperatorId): boolean {
  return (
    isMccMnc(operator.mccMnc, toHex(owner.mccMnc)) &&
    isGroup(operator.gid1, owner.gid1) &&
    isGroup(operator.gid2, owner.gid2)
  );
}

/** A nibble E of the pattern stands for any digit. */
function isMccMnc(pattern: string, mccMnc: string): boolean {
  return Array.from(pattern.toUpperCase()).every((nibble, at) => nibble === 'E' || nibble === mccMnc[at]);
}

/** An empty group identifier stands for any; one left out only for an owner that has none. */
function isGroup(pattern: string | undefined, gid: Uint8Array | undefined): boolean {
  if (pattern === undefined || pattern === '') return pattern === '' || gid === undefined;
  return gid !== undefined && sameBytes(fromHex(pattern), gid);
}
