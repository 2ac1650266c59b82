// Profiles in the SM-DP+, for operators: where each stands, what happened to it, and what puts it right.
import { z } from 'zod';
import { limits } from '../../base/limits.ts';
import { listEsimsOfOrder } from '../../modules/esims/index.ts';
import { listProfileHistory } from '../../modules/events/index.ts';
import { findProfileType } from '../../modules/inventory/index.ts';
import {
  getProfile,
  getRequester,
  listProfileNotifications,
  listProfiles,
  listSessionsOfEid,
  listSessionsOfProfile,
} from '../../modules/smdp/index.ts';
import type { Ctx } from '../http/core.ts';
import { readIdCursor, writePage } from './page.ts';
import { asItIsNow, findAbout, idOf, operatorCtx, profileParams as params } from './profile_call.ts';
import {
  eid,
  profileHistory,
  profileList,
  profileNotificationList,
  profileState,
  rspSessionList,
} from './profiles_schemas.ts';
import {
  readTimeCursor,
  writeProfile,
  writeProfileEvent,
  writeProfileNotification,
  writeRspSession,
} from './profiles_translate.ts';
import { type Call, type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';

const page = z.strictObject(paging);

export const profileRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/profiles',
    operationId: 'listProfiles',
    summary: 'List profiles of the SM-DP+, newest first',
    description: 'Those that fit all of the filters.',
    scope: 'operator',
    query: z.strictObject({
      ...paging,
      state: profileState.exactOptional(),
      eid: eid.exactOptional(),
      iccid: text(20).exactOptional(),
      matchingId: text(255).exactOptional(),
      orderId: text(36).exactOptional(),
      requester: text(255).exactOptional().describe('Function requester: its identifier or id.'),
      profileType: text(64).exactOptional().describe('Name of a profile type.'),
    }),
    response: { status: 200, description: 'One page.', schema: profileList },
    errors: ['not_found'],
    handler: async (call) => {
      const found = await listProfiles(operatorCtx(call), await readFilter(call));
      const about = await findAbout(call, found);
      return writePage(found, {
        limit: call.query.limit,
        cursorOf: (each) => each.cursor,
        write: (each) => writeProfile(each, about),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/profiles/{iccid}',
    operationId: 'getProfile',
    summary: 'Get a profile of the SM-DP+',
    scope: 'operator',
    params,
    response: asItIsNow,
    errors: ['not_found'],
    handler: async (call) => {
      const found = await getProfile(operatorCtx(call), idOf(call));
      return writeProfile(found, await findAbout(call, [found]));
    },
  }),
  route({
    method: 'GET',
    path: '/profiles/{iccid}/sessions',
    operationId: 'listSessionsOfProfile',
    summary: 'List the RSP sessions of a profile, newest first',
    description: 'Each with its calls and the code it ended with. Kept for 30 days after their end.',
    scope: 'operator',
    params,
    query: page,
    response: { status: 200, description: 'One page.', schema: rspSessionList },
    errors: ['not_found'],
    handler: async (call) => {
      const { cursor, limit } = call.query;
      const before = readTimeCursor('sessions', cursor);
      await getProfile(operatorCtx(call), idOf(call));
      const found = await listSessionsOfProfile(call.ctx, {
        ...idOf(call),
        limit,
        ...(before && { before }),
      });
      return writePage(found, { limit, cursorOf: (each) => each.cursor, write: writeRspSession });
    },
  }),
  route({
    method: 'GET',
    path: '/profiles/{iccid}/notifications',
    operationId: 'listNotificationsOfProfile',
    summary: 'List what eUICCs reported of a profile, newest first',
    scope: 'operator',
    params,
    query: page,
    response: { status: 200, description: 'One page.', schema: profileNotificationList },
    errors: ['not_found'],
    handler: async (call) => {
      const { cursor, limit } = call.query;
      const before = readTimeCursor('notifications', cursor);
      await getProfile(operatorCtx(call), idOf(call));
      const of = { ...idOf(call), limit, ...(before && { before }) };
      const found = await listProfileNotifications(call.ctx, of);
      return writePage(found, { limit, cursorOf: (each) => each.cursor, write: writeProfileNotification });
    },
  }),
  route({
    method: 'GET',
    path: '/profiles/{iccid}/history',
    operationId: 'listHistoryOfProfile',
    summary: 'List what happened to a profile, and who did it, newest first',
    scope: 'operator',
    params,
    query: page,
    response: { status: 200, description: 'One page.', schema: profileHistory },
    errors: ['not_found'],
    handler: async (call) => {
      const { cursor, limit } = call.query;
      const before = readIdCursor('event', cursor);
      await getProfile(operatorCtx(call), idOf(call));
      const found = await listProfileHistory(call.ctx, { ...idOf(call), limit, ...(before && { before }) });
      return writePage(found, { limit, cursorOf: (each) => each.id, write: writeProfileEvent });
    },
  }),
  route({
    method: 'GET',
    path: '/rsp-sessions',
    operationId: 'listRspSessions',
    summary: 'List the RSP sessions of an eUICC, newest first',
    description:
      'Those about profiles of this account, and those that found no profile while one of this account is bound to the EID.',
    scope: 'operator',
    query: z.strictObject({ ...paging, eid }),
    response: { status: 200, description: 'One page.', schema: rspSessionList },
    errors: [],
    handler: async ({ ctx, account: { id: accountId }, query: { cursor, ...of } }) => {
      const before = readTimeCursor('sessions', cursor);
      const found = await listSessionsOfEid(ctx, { accountId, ...of, ...(before && { before }) });
      return writePage(found, { limit: of.limit, cursorOf: (each) => each.cursor, write: writeRspSession });
    },
  }),
];

type ListCall = Pick<Call, 'ctx' | 'account'> & {
  query: {
    cursor?: string;
    iccid?: string;
    orderId?: string;
    requester?: string;
    profileType?: string;
    limit: number;
  };
};

/** Names and orders are looked up where they are known. */
async function readFilter({ ctx, account: { id: accountId }, query }: ListCall) {
  const { cursor, iccid, orderId, requester, profileType, ...same } = query;
  const before = readTimeCursor('profiles', cursor);
  const iccids = orderId === undefined ? undefined : await iccidsOfOrder(ctx, { accountId, orderId });
  return {
    ...same,
    accountId,
    ...(before && { before }),
    ...(iccids && { iccids }),
    ...(iccid !== undefined && { iccids: iccids?.filter((each) => each === iccid) ?? [iccid] }),
    ...(requester !== undefined && {
      requesterId: (await getRequester(ctx, { accountId, idOrIdentifier: requester })).id,
    }),
    // One that nobody knows has no profiles, and so has one of which this account has none.
    ...(profileType !== undefined && { profileTypeId: (await findProfileType(ctx, profileType))?.id ?? '-' }),
  };
}

async function iccidsOfOrder(ctx: Ctx, of: { accountId: string; orderId: string }): Promise<string[]> {
  const esims = await listEsimsOfOrder(ctx, { ...of, limit: limits.quantityPerOrderMax });
  return esims.map(({ iccid }) => iccid);
}
