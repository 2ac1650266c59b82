// Profiles and RSP sessions on the wire, as operators see them.
import { z } from 'zod';
import { eventTypes } from '../../modules/events/index.ts';
import { listOf, named, text, time } from './schemas.ts';

export const iccidKey = text(20).describe('The ICCID.');

export const eid = z
  .string()
  .regex(/^\d{32}$/, 'give the 32 digits of an EID')
  .describe('32 digits.')
  .meta({ examples: ['89049032000001000000000000000074'] });

export const profileState = z
  .enum([
    'allocated',
    'linked',
    'confirmed',
    'released',
    'downloaded',
    'installed',
    'deleted',
    'error',
    'unavailable',
  ])
  .describe('As SGP.22 §3.1.6 has them; `deleted` as its eUICC reported.');

const action = z.enum(['reset', 'release', 'rebind', 'expire']);

export const profile = named(
  'Profile',
  z.object({
    iccid: z.string(),
    state: profileState,
    enabled: z.boolean().nullable().describe('What its eUICC said last; null before it said anything.'),
    profileType: z.string().describe('Name of its profile type.'),
    eid: z.string().nullable().describe('The only eUICC that may download it; null for any.'),
    matchingId: z.string().nullable().describe('Null when its eUICC finds it by the EID alone.'),
    smdpAddress: z.string(),
    smdsAddress: z.string().nullable().describe('Where an event tells its eUICC of it; null for nowhere.'),
    confirmationCodeRequired: z.boolean(),
    requester: z
      .string()
      .nullable()
      .describe('Function requester that ordered it over ES2+; null for one of an order of ours.'),
    orderId: z.string().nullable(),
    esimId: z.string().nullable(),
    downloadAttempts: z.object({ count: z.int(), max: z.int() }),
    confirmationFailures: z.object({ count: z.int(), max: z.int() }).describe('Wrong confirmation codes.'),
    lastResult: z
      .object({
        outcome: z.string().describe('`installed`, `failed` or `withdrawn`.'),
        reason: z.string().nullable().describe('Why, in words.'),
      })
      .nullable()
      .describe('How its last download ended; null while none did.'),
    expiresAt: time.nullable().describe('Until when it is offered, by the clock of the account.'),
    createdAt: time,
    downloadedAt: time.nullable(),
    installedAt: time.nullable(),
    actions: z
      .array(action)
      .describe('What may be done now. Releasing one that was downloaded or installed needs `notOnDevice`.'),
  }),
);

export const profileList = listOf('ProfileList', profile);

const sessionStep = named(
  'RspSessionStep',
  z.object({
    function: z.string().describe('The ES9+ function; `operator` when its operator ended the session.'),
    at: time,
    status: z.enum(['ok', 'refused']),
    subjectCode: z.string().nullable(),
    reasonCode: z.string().nullable(),
    detail: z.string().nullable().describe('Why, in words.'),
  }),
);

const rspSession = named(
  'RspSession',
  z.object({
    transactionId: z.string().describe('Hex, upper case.'),
    state: z.enum(['initiated', 'authenticated', 'bound', 'ended']),
    outcome: z
      .enum(['installed', 'failed', 'cancelled', 'refused', 'expired'])
      .nullable()
      .describe('How it ended; null while it is open.'),
    iccid: z.string().nullable().describe('Null while no profile was found for it.'),
    eid: z.string().nullable().describe('Null while the eUICC is not known.'),
    serverAddress: z.string().nullable().describe('The address that the device called.'),
    euiccCiKeyId: z.string().describe('The CI by which the eUICC proves itself: subject key id, hex.'),
    serverCiKeyId: z.string().describe('The CI by which the eUICC verifies the server.'),
    steps: z.array(sessionStep).describe('The calls, in their order.'),
    openedAt: time,
    expiresAt: time,
    endedAt: time.nullable(),
  }),
);

export const rspSessionList = listOf('RspSessionList', rspSession);
export type RspSessionJson = z.output<typeof rspSession>;

const profileNotification = named(
  'ProfileNotification',
  z.object({
    operation: z.enum(['install', 'enable', 'disable', 'delete']),
    eid: z.string(),
    seqNumber: z.string().describe('Whole number: the eUICC numbers what it reports.'),
    result: z
      .object({ outcome: z.string(), reason: z.string().nullable() })
      .nullable()
      .describe('Of an installation, in words.'),
    receivedAt: time,
  }),
);

export const profileNotificationList = listOf('ProfileNotificationList', profileNotification);
export type ProfileNotificationJson = z.output<typeof profileNotification>;

const profileEvent = named(
  'ProfileEvent',
  z.object({
    id: z.string(),
    type: z.enum(eventTypes),
    data: z.record(z.string(), z.unknown()).describe('`before` and `after` of what an operator changed.'),
    requestId: z.string(),
    actor: z.string().describe("An API key's id, an operator's name, or `system`."),
    occurredAt: time,
  }),
);

export const profileHistory = listOf('ProfileHistory', profileEvent);

const reason = text(500).exactOptional().describe('Why, for the history.');

export const resetProfileBody = named(
  'ResetProfile',
  z.strictObject({ reason }).meta({ examples: [{ reason: 'the customer has the right code now' }] }),
);

export const releaseProfileBody = named(
  'ReleaseProfile',
  z
    .strictObject({
      eid: eid.nullable().exactOptional().describe('Who shall have it; null for any; as it was if left out.'),
      newMatchingId: z
        .boolean()
        .exactOptional()
        .describe('Make a new one, so that the codes that are about are worth nothing.'),
      expiresAt: time
        .nullable()
        .exactOptional()
        .describe('Null for never. Left out, as it was if that is still to come, else never.'),
      notOnDevice: z
        .boolean()
        .exactOptional()
        .describe('Your word that no device holds it: needed where it was downloaded or installed.'),
      reason,
    })
    .meta({ examples: [{ eid: null, newMatchingId: true, reason: 'lost phone' }] }),
);

export const rebindProfileBody = named(
  'RebindProfile',
  z
    .strictObject({ eid: eid.nullable().describe('Who shall have it; null for any.'), reason })
    .meta({ examples: [{ eid: '89049032000001000000000000000074' }] }),
);

export const expireProfileBody = named('ExpireProfile', z.strictObject({ reason }));
