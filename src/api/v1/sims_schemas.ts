// Lines on the wire.
import { z } from 'zod';
import { listOf, named, text, time } from './schemas.ts';

export const simKey = text(64).describe('Id, ICCID, IMSI, unique name, or the id of its eSIM.');

export const simStatus = z
  .enum(['new', 'ready', 'active', 'inactive', 'scheduled', 'ended'])
  .describe('`scheduled`: on its way to `scheduledStatus`, which its mobile core has to confirm.');

const wantedStatus = z.enum(['ready', 'active', 'inactive', 'ended']);

export const uniqueName = text(64).describe('Your name for it, unique in the account; it stands for the id.');

export const updateSimBody = named(
  'UpdateSim',
  z
    .strictObject({
      uniqueName: uniqueName.nullable().exactOptional(),
      status: wantedStatus
        .exactOptional()
        .describe('`inactive` suspends, `active` resumes, `ended` is for good.'),
      fleet: text(64).nullable().exactOptional().describe('Id or unique name; null for none.'),
    })
    .meta({ examples: [{ status: 'inactive' }] }),
);

export const registerSimBody = named(
  'RegisterSim',
  z
    .strictObject({ iccid: text(20), registrationCode: text(32).describe('As printed on the card.') })
    .meta({ examples: [{ iccid: '8999701000000000017', registrationCode: 'H7KQ2MXW9P' }] }),
);

export const sim = named(
  'Sim',
  z.object({
    id: z.string(),
    esimId: z.string(),
    iccid: z.string(),
    imsi: z.string().nullable().describe('Null for a profile of a remote SM-DP+, whose operator knows it.'),
    msisdn: z.string().nullable(),
    uniqueName: z.string().nullable(),
    status: simStatus,
    scheduledStatus: wantedStatus.nullable(),
    fleet: z.object({ id: z.string(), uniqueName: z.string().nullable() }).nullable(),
    location: z
      .object({
        attached: z.boolean(),
        country: z.string().nullable().describe('ISO 3166-1 alpha-2.'),
        mcc: z.string().nullable(),
        mnc: z.string().nullable(),
        networkName: z.string().nullable(),
        at: time.nullable().describe('As of when.'),
      })
      .describe('Where it was last seen.'),
    data: z.object({
      periodBytes: z.int().describe('Used in this billing period.'),
      limitBytes: z.int().nullable().describe('Of its fleet; null for no limit.'),
      blocked: z.boolean().describe('The limit is reached: no data until it is raised or the period ends.'),
      speedKbps: z.int().nullable().describe('Slowed down by fair use; null for full speed.'),
    }),
    period: z
      .object({ startsAt: time, endsAt: time.nullable() })
      .nullable()
      .describe('The last billing period; without an end while the SIM is ready.'),
    core: z
      .object({
        name: z.enum(['simulated', 'osmo_hlr', 'open5gs']),
        state: z
          .enum(['told', 'waiting', 'failed'])
          .describe('Whether the core knows all of this; `failed` is tried again.'),
        attempts: z.int().describe('Failed attempts since it was last told.'),
        lastError: z.string().nullable(),
        remark: z.string().nullable().describe('What this core cannot honour.'),
        nextAttemptAt: time.nullable(),
        toldAt: time.nullable(),
      })
      .describe('The mobile core that serves it. Times of the wall clock.'),
    firstAttachedAt: time.nullable(),
    firstUsedAt: time.nullable(),
    createdAt: time,
    updatedAt: time,
  }),
);

export const simList = listOf('SimList', sim);

const billingPeriod = named(
  'BillingPeriod',
  z.object({
    id: z.string(),
    simId: z.string(),
    kind: z.enum(['ready', 'active']),
    startsAt: time,
    endsAt: time.nullable().describe('Null while the SIM is ready.'),
  }),
);

export const billingPeriodList = listOf('BillingPeriodList', billingPeriod);
export type BillingPeriodJson = z.output<typeof billingPeriod>;

export const ipAddressList = named(
  'IpAddressList',
  z.object({ data: z.array(z.object({ address: z.string(), version: z.enum(['IPv4', 'IPv6']) })) }),
);
