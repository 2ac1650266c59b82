// The commands inside a bound profile package (SGP.22 §5.5), each executed once all its blocks were opened.
import { createBlockOpener } from '../../crypto/block_opener.ts';
import { readConfigureIsdp } from '../../rsp/asn1/configure_isdp.ts';
import { readReplaceSessionKeys } from '../../rsp/asn1/replace_session_keys.ts';
import { readStoreMetadata } from '../../rsp/asn1/store_metadata.ts';
import { BppError, readOrRefuse } from './bpp_error.ts';
import type { Euicc, LoadingSession } from './euicc.ts';
import { findForbiddenPpr } from './find_forbidden_ppr.ts';
import { installProfile } from './install_profile.ts';
import type { BlockSequence } from './loading.ts';

type Execute = (euicc: Euicc, session: LoadingSession, data: Uint8Array) => void;

/** By name. Each throws `BppError`. */
export const bppCommands: Readonly<Record<BlockSequence['command'], Execute>> = {
  configureIsdp,
  storeMetadata,
  replaceSessionKeys,
  loadProfileElements: installProfile,
};

/** The SM-DP+ named, if one is, must be the server or a part of it (SGP.22 §5.5.2). */
function configureIsdp(_euicc: Euicc, { server }: LoadingSession, data: Uint8Array): void {
  const { dpOid } = readOrRefuse(() => readConfigureIsdp(data));
  if (dpOid !== undefined && !`${dpOid}.`.startsWith(`${server.oid}.`))
    throw new BppError('incorrectInputValues');
}

function storeMetadata(euicc: Euicc, { loading }: LoadingSession, data: Uint8Array): void {
  const metadata = readOrRefuse(() => readStoreMetadata(data));
  const { state } = euicc;
  if (state.loading) state.loading.iccid = metadata.iccid;
  if (state.profiles.some(({ iccid }) => iccid === metadata.iccid))
    throw new BppError('iccidAlreadyExistsOnEuicc');
  if (metadata.profileClass === 'test' && !state.properties.testProfiles)
    throw new BppError('unsupportedProfileClass');
  if (findForbiddenPpr(state, metadata)) throw new BppError('pprNotAllowed');
  loading.metadata = metadata;
}

/** From here on the blocks are protected under the keys of the profile itself, counted from 1 again. */
function replaceSessionKeys(_euicc: Euicc, { loading }: LoadingSession, data: Uint8Array): void {
  loading.opener = createBlockOpener(readOrRefuse(() => readReplaceSessionKeys(data)));
}
