// The line of an eSIM: sent off its network, found, written to, and suspended.
import { z } from 'zod';
import { networkByCode } from '../../../modules/catalogue/index.ts';
import { getSim, refreshLine, type Sim, sendCommand, switchLine } from '../../../modules/sims/index.ts';
import { write } from '../../../pg/write.ts';
import { writeOnce } from '../../http/write_once.ts';
import { type Call, type Route, route } from '../route.ts';
import { EsimGoRefusal } from '../wire/errors.ts';
import { blank, flag } from '../wire/fields.ts';
import { writeTime } from '../wire/time.ts';
import { esimOfPath } from './esim_of_path.ts';
import { writeState } from './esim_translate.ts';

const message = z
  .string({ error: ({ input }) => (input === undefined ? undefined : 'give text') })
  .refine((text) => [...text].length >= 1 && [...text].length <= 160, 'give 1 to 160 characters');

/** Others are given out by the vendor on request only. */
const sender = 'eSIM';

export const lineRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/esims/{iccid}/refresh',
    scope: 'lines:write',
    handler: async (call) => {
      const { id: sim } = await esimOfPath(call);
      await write(call.ctx, {}, (tx) => refreshLine(tx, { accountId: call.account.id, sim }));
      return { status: 'Successfully refreshed SIM' };
    },
  }),
  route({
    method: 'GET',
    path: '/esims/{iccid}/location',
    scope: 'read',
    handler: async (call) => writeLocation(await simOfPath(call)),
  }),
  route({
    method: 'POST',
    path: '/esims/{iccid}/sms',
    scope: 'lines:write',
    body: z.object({ message, from: blank(z.literal(sender, `give ${sender}, or leave it out`)) }),
    fieldNames: { payload: 'message' },
    handler: sendSms,
  }),
  route({
    method: 'GET',
    path: '/esims/{iccid}/suspend',
    scope: 'read',
    handler: async (call) => {
      const esim = await esimOfPath(call);
      const state = writeState(esim, await simOfPath(call));
      return { suspended: state === 'Suspended', state };
    },
  }),
  route({
    method: 'POST',
    path: '/esims/{iccid}/suspend',
    scope: 'lines:write',
    body: z.object({ suspend: flag }),
    handler: suspend,
  }),
];

async function simOfPath(call: Pick<Call, 'ctx' | 'account' | 'params'>): Promise<Sim> {
  const { id } = await esimOfPath(call);
  return await getSim(call.ctx, { accountId: call.account.id, key: id });
}

/** The list that networks come from has no TADIG codes: the code is MCC and MNC. */
function writeLocation({ country, mcc, mnc, locatedAt }: Sim) {
  if (locatedAt === null)
    throw new EsimGoRefusal(
      400,
      'No network has seen this eSIM yet. Ask again once it is in use.',
      'not_seen',
    );
  const network = mcc === null || mnc === null ? undefined : networkByCode(mcc, mnc);
  return {
    mobileNetworkCode: `${mcc ?? ''}${mnc ?? ''}`,
    networkName: network?.name ?? '',
    networkBrandName: network?.brand ?? '',
    country: country ?? '',
    lastSeen: writeTime(locatedAt),
  };
}

async function sendSms(call: Call<unknown, { message: string }>) {
  const { id: sim } = await esimOfPath(call);
  const { ctx, account, body, idempotencyKey: key } = call;
  const input = { accountId: account.id, sim, kind: 'sms', payload: body.message } as const;
  const once = { accountId: account.id, operation: 'esim_go.sms', key, input };
  return await writeOnce(ctx, once, async (tx) => {
    await sendCommand(tx, input);
    return { status: 'sent' };
  });
}

async function suspend(call: Call<unknown, { suspend: boolean }>) {
  const { id: sim } = await esimOfPath(call);
  const isOff = call.body.suspend;
  await write(call.ctx, {}, (tx) => switchLine(tx, { accountId: call.account.id, sim, on: !isOff }));
  call.reply.code(201);
  return { status: isOff ? 'eSIM suspended successfully' : 'eSIM unsuspended successfully' };
}
