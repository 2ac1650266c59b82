// ES10b GetEUICCInfo1 (SGP.22 §5.7.8): version and certificate issuers, shown before authentication.
import { fields } from '../../der/fields.ts';
import { writeEuiccInfo1 } from '../../rsp/asn1/euicc_info1.ts';
import type { Command } from './command.ts';

export const getEuiccInfo1: Command = ({ state, credentials }, command) => {
  fields(command).end();
  const ciKeyIds = credentials.map(({ ciKeyId }) => Buffer.from(ciKeyId, 'hex'));
  return writeEuiccInfo1({
    svn: state.properties.svn,
    euiccCiPKIdListForVerification: ciKeyIds,
    euiccCiPKIdListForSigning: ciKeyIds,
  });
};
