// A callback kept with what it is about, in the transaction that makes or changes that.
import {
  type Callback,
  findCallbacks,
  removeCallbacks,
  setCallback,
} from '../../../modules/webhooks/index.ts';
import type { Ctx } from '../../http/core.ts';
import type { CallbackCall, WantedCallback } from './read_callback.ts';
import { type CallbackTopic, findTopic } from './topics.ts';

/**
 * Does what `readCallback` gave. A method without a URL changes the callback that is there, if there is one; a URL without
 * a method keeps the method of a setting. The account is that of the call unless given. Call it in a `write`.
 */
export async function keepCallback(
  tx: Ctx,
  { account }: Pick<CallbackCall, 'account'>,
  { resourceId, topic, callback, accountId = account.id }: KeptCallback,
): Promise<void> {
  if (callback === undefined) return;
  if (callback === null) {
    await removeCallbacks(tx, { accountId, resourceId, topic });
    return;
  }
  const kept = await findKept(tx, { accountId, resourceId, topic });
  const url = callback.url ?? kept?.url;
  if (url === undefined) return;
  const keptMethod = findTopic(topic)?.isSetting ? kept?.method : undefined;
  await setCallback(tx, {
    accountId,
    resourceId,
    topic,
    url,
    method: callback.method ?? keptMethod ?? 'POST',
    dialect: callback.dialect,
    types: typesOf(topic, callback.tells),
    secret: callback.secret,
  });
}

export type KeptCallback = {
  /** Id of an eSIM, a line, a command or a fleet. */
  resourceId: string;
  topic: CallbackTopic;
  callback: WantedCallback | null | undefined;
  accountId?: string;
};

async function findKept(
  tx: Ctx,
  { accountId, resourceId, topic }: { accountId: string; resourceId: string; topic: CallbackTopic },
): Promise<Callback | undefined> {
  const found = await findCallbacks(tx, { accountId, resourceIds: [resourceId] });
  return found.find((each) => each.topic === topic);
}

function typesOf(topic: CallbackTopic, tells: WantedCallback['tells']) {
  const { types, typesOfAvailable } = findTopic(topic) ?? { types: [] };
  return tells === 'available' ? (typesOfAvailable ?? types) : types;
}
