// What tests of ES2+ start from: an SM-DP+ with profile types and stock, and operators with certificates of their own.
import { keyUsage } from '../../../crypto/certificate_extensions.ts';
import type { Curve } from '../../../crypto/curve.ts';
import { makeCertificate } from '../../../crypto/make_certificate.ts';
import { generateSigningKey, type SigningKey, writeSigningKey } from '../../../crypto/signing_key.ts';
import { query } from '../../../pg/query.ts';
import { write } from '../../../pg/write.ts';
import { writeCertificatePem } from '../../../rsp/pki/pem_identity.ts';
import { createProfileType, generateStock } from '../../inventory/index.ts';
import { type Es2Caller, type FunctionRequester, type PutRequester, putRequester } from '../index.ts';
import type { TestSmdp } from './test_smdp.ts';

export type TestIdentity = { certificate: string; privateKey: string; key: SigningKey; der: Uint8Array };

export type IdentityInput = {
  commonName: string;
  curve?: Curve;
  /** Self-signed if left out. */
  issuer?: { commonName: string; key: SigningKey };
  isCa?: boolean;
  extendedKeyUsages?: string[];
  dnsNames?: string[];
  notBefore?: Date;
  notAfter?: Date;
};

/** A certificate of no particular kind, as operators have them. */
export function makeIdentity(input: IdentityInput): TestIdentity {
  const { commonName, curve = 'P-256', issuer, isCa = false, extendedKeyUsages, dnsNames } = input;
  const key = generateSigningKey(curve);
  const der = makeCertificate({
    subject: { commonName },
    key,
    issuer: { name: { commonName: issuer?.commonName ?? commonName }, key: issuer?.key ?? key },
    notBefore: input.notBefore ?? new Date('2026-01-01'),
    notAfter: input.notAfter ?? new Date('2040-01-01'),
    keyUsage: isCa ? [keyUsage.keyCertSign] : [keyUsage.digitalSignature],
    policies: [],
    ...(isCa && { ca: {} }),
    ...(extendedKeyUsages && { extendedKeyUsages }),
    ...(dnsNames && { dnsNames }),
  });
  return { certificate: writeCertificatePem(der), privateKey: writeSigningKey(key), key, der };
}

/** A profile type of this account with so many SIM profiles in stock; gives their ICCIDs. */
export async function makeStock(
  smdp: TestSmdp,
  { accountId = 'acc_test', name, count }: { accountId?: string; name: string; count: number },
): Promise<string[]> {
  const ctx = smdp.ctx();
  await write(ctx, {}, async (tx) => {
    const profileType = await createProfileType(tx, accountId, {
      name,
      personalisation: 'full',
      metadata: { serviceProviderName: 'Test Mobile', profileName: name, profileClass: 'operational' },
    });
    if (count > 0) await generateStock(tx, { accountId, profileType, count });
  });
  return await stockOf(smdp, name);
}

/** The ICCIDs of this type that can be ordered. */
export async function stockOf(smdp: TestSmdp, name: string): Promise<string[]> {
  const rows = await query<{ iccid: string }>(
    smdp.ctx().db,
    `select s.iccid from inventory.sim_profiles s join inventory.profile_types t on t.id = s.profile_type_id
     where t.name = $1 and s.state = 'available' order by s.iccid`,
    [name],
  );
  return rows.map(({ iccid }) => iccid);
}

let identifiers = 0;

/** A requester of this account, with a certificate of its own unless it has another. */
export async function makeRequester(
  smdp: TestSmdp,
  put: Partial<PutRequester> = {},
): Promise<FunctionRequester> {
  const pinned = put.ca ? {} : { certificates: [makeIdentity({ commonName: 'operator' }).certificate] };
  const input = { accountId: 'acc_test', identifier: `1.2.${identifiers++}`, ...pinned, ...put };
  return await write(smdp.ctx(), {}, (tx) => putRequester(tx, input));
}

let calls = 0;

/** A call of this requester with an identifier of its own. */
export function callOf(requester: FunctionRequester, functionCallIdentifier = `call-${calls++}`): Es2Caller {
  return { requester, functionCallIdentifier };
}
