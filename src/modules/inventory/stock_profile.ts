// A SIM profile in stock: its public numbers as columns, its secrets as one sealed value.
import type { Ctx } from '../../pg/ctx.ts';
import type { Subscription } from '../../rsp/profile/subscription.ts';

export type StockProfile = { iccid: string; imsi: string; msisdn: string | null; secrets: Uint8Array };

/** Everything that is personal in the profile, its secrets opened. Keep it no longer than the package takes to build. */
export function openSubscription(ctx: Pick<Ctx, 'vault'>, profile: StockProfile): Subscription {
  const opened: SealedSecrets = JSON.parse(ctx.vault.open(profile.secrets, profile.iccid).toString());
  const { ki, opc, ota, ...codes } = opened;
  return {
    iccid: profile.iccid,
    imsi: profile.imsi,
    ...(profile.msisdn === null ? {} : { msisdn: profile.msisdn }),
    ki: Buffer.from(ki, 'hex'),
    opc: Buffer.from(opc, 'hex'),
    ...codes,
    ...(ota && {
      otaKeys: {
        kic: Buffer.from(ota[0], 'hex'),
        kid: Buffer.from(ota[1], 'hex'),
        kik: Buffer.from(ota[2], 'hex'),
      },
    }),
  };
}

/** The sealed form of a subscription's secrets: ICCID, IMSI and MSISDN stay outside. */
export function sealSubscription(ctx: Pick<Ctx, 'vault'>, subscription: Subscription): Buffer {
  const { iccid, imsi: _imsi, msisdn: _msisdn, ki, opc, otaKeys, ...codes } = subscription;
  const secrets: SealedSecrets = {
    ki: hex(ki),
    opc: hex(opc),
    ...(otaKeys && { ota: [hex(otaKeys.kic), hex(otaKeys.kid), hex(otaKeys.kik)] }),
    ...codes,
  };
  return ctx.vault.seal(Buffer.from(JSON.stringify(secrets)), iccid);
}

type SealedSecrets = Omit<Subscription, 'iccid' | 'imsi' | 'msisdn' | 'ki' | 'opc' | 'otaKeys'> & {
  ki: string;
  opc: string;
  ota?: [kic: string, kid: string, kik: string];
};

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
