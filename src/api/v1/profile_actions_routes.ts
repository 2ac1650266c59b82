// What an operator does to a profile of the SM-DP+: once for an Idempotency-Key, answered with the profile as it is then.
import type { z } from 'zod';
import {
  expireProfile,
  type OperatedProfile,
  type OperatorCtx,
  rebindProfile,
  releaseAgain,
  resetProfile,
} from '../../modules/smdp/index.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { writeOnce } from '../http/write_once.ts';
import { asItIsNow, findAbout, idOf, type ProfileId, profileParams as params } from './profile_call.ts';
import {
  expireProfileBody,
  type profile,
  rebindProfileBody,
  releaseProfileBody,
  resetProfileBody,
} from './profiles_schemas.ts';
import { readRelease, writeProfile } from './profiles_translate.ts';
import { type Call, type Route, route } from './route.ts';

export const profileActionRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/profiles/{iccid}/reset',
    operationId: 'resetProfile',
    summary: 'Give a profile its attempts back',
    description:
      'Both counters are 0 again, and a profile in `error` is `released` again for the same eUICC. A download that is under way goes on.',
    scope: 'operator',
    params,
    body: resetProfileBody,
    idempotent: true,
    response: asItIsNow,
    errors: ['not_found', 'conflict', 'idempotency_key_reused', 'unavailable'],
    handler: (call) => act(call, 'reset', resetProfile),
  }),
  route({
    method: 'POST',
    path: '/profiles/{iccid}/release',
    operationId: 'releaseProfile',
    summary: 'Release a profile again',
    description:
      'One that was deleted, failed or withdrawn can be downloaded as if nobody ever had. Its open RSP sessions end.',
    scope: 'operator',
    params,
    body: releaseProfileBody,
    idempotent: true,
    response: asItIsNow,
    errors: ['not_found', 'conflict', 'idempotency_key_reused', 'unavailable'],
    handler: (call) => act(call, 'release', (tx, input) => releaseAgain(tx, readRelease(input))),
  }),
  route({
    method: 'POST',
    path: '/profiles/{iccid}/rebind',
    operationId: 'rebindProfile',
    summary: 'Bind a profile to another EID, or to none',
    description:
      'Before it is downloaded. Its open RSP sessions end. An event at an SM-DS follows, and with it the matching id.',
    scope: 'operator',
    params,
    body: rebindProfileBody,
    idempotent: true,
    response: asItIsNow,
    errors: ['not_found', 'conflict', 'idempotency_key_reused', 'unavailable'],
    handler: (call) => act(call, 'rebind', rebindProfile),
  }),
  route({
    method: 'POST',
    path: '/profiles/{iccid}/expire',
    operationId: 'expireProfile',
    summary: 'End the offer of a profile now',
    scope: 'operator',
    params,
    body: expireProfileBody,
    idempotent: true,
    response: asItIsNow,
    errors: ['not_found', 'conflict', 'idempotency_key_reused'],
    handler: (call) => act(call, 'expire', expireProfile),
  }),
];

/** Does it once for an Idempotency-Key, and answers the profile as it is then. */
async function act<Input extends object>(
  call: Call<z.output<typeof params>, unknown, Input>,
  action: string,
  run: (tx: OperatorCtx, input: ProfileId & Input) => Promise<OperatedProfile>,
): Promise<z.output<typeof profile>> {
  const { ctx, core, account, body, request } = call;
  const input = { ...idOf(call), ...body };
  const once = {
    accountId: account.id,
    operation: `profiles.${action}`,
    key: readIdempotencyKey(request),
    input,
  };
  return await writeOnce(ctx, once, async (tx) => {
    const changed = await run({ ...tx, smdp: core.smdp }, input);
    return writeProfile(changed, await findAbout({ ctx: tx, account }, [changed]));
  });
}
