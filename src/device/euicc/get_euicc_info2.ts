// ES10b GetEUICCInfo2 (SGP.22 §5.7.8): what the card can do and how much memory it has left.
import { fields } from '../../der/fields.ts';
import { writeEuiccInfo2 } from '../../rsp/asn1/euicc_info2.ts';
import { writeExtCardResource } from '../../rsp/asn1/ext_card_resource.ts';
import type { Command } from './command.ts';
import type { Euicc } from './euicc.ts';
import { freeMemoryBytes } from './free_memory.ts';

/**
 * UICCCapability: USIM, ISIM, CSIM (1 to 3), Milenage, CAVE, TUAK-128, TUAK-256 (4 to 7), GBA on USIM and ISIM (10, 11),
 * EAP client (13), Java Card (14), several USIMs and ISIMs (16, 17).
 */
const uiccCapability = [1, 2, 3, 4, 5, 6, 7, 10, 11, 13, 14, 16, 17];
const freeVolatileBytes = 0x2000;

export const getEuiccInfo2: Command = (euicc, command) => {
  fields(command).end();
  return writeCardInfo2(euicc);
};

/** The EUICCInfo2 element (BF22) of this moment. */
export function writeCardInfo2({ state, credentials }: Euicc): Uint8Array {
  const { properties } = state;
  const ciKeyIds = credentials.map(({ ciKeyId }) => Buffer.from(ciKeyId, 'hex'));
  const extCardResource = writeExtCardResource({
    installedApplications: state.profiles.length,
    freeNonVolatileBytes: freeMemoryBytes(state),
    freeVolatileBytes,
  });
  return writeEuiccInfo2({
    profileVersion: properties.profileVersion,
    svn: properties.svn,
    euiccFirmwareVer: properties.firmwareVersion,
    extCardResource,
    uiccCapability,
    ts102241Version: '11.2.0',
    globalplatformVersion: '2.3.0',
    rspCapability: properties.testProfiles
      ? ['additionalProfile', 'testProfileSupport']
      : ['additionalProfile'],
    euiccCiPKIdListForVerification: ciKeyIds,
    euiccCiPKIdListForSigning: ciKeyIds,
    euiccCategory: 1,
    forbiddenProfilePolicyRules: properties.forbiddenProfilePolicyRules,
    ppVersion: properties.ppVersion,
    sasAcreditationNumber: properties.sasAccreditationNumber,
  });
}
