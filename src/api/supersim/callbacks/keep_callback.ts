// A callback kept with what it is about, in the transaction that makes or changes that.
import { findCallbacks, removeCallbacks, setCallback } from '../../../modules/webhooks/index.ts';
import type { Ctx } from '../../http/core.ts';
import type { CallbackCall, WantedCallback } from './read_callback.ts';
import { type CallbackTopic, findTopic } from './topics.ts';

/**
 * Does what `readCallback` gave. A method without a URL changes the callback that is there, if there is one. The account
 * is that of the call unless given. Call it in a `write`.
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
  const url = callback.url ?? (await findUrl(tx, { accountId, resourceId, topic }));
  if (url === undefined) return;
  await setCallback(tx, {
    accountId,
    resourceId,
    topic,
    url,
    method: callback.method ?? 'POST',
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

async function findUrl(
  tx: Ctx,
  { accountId, resourceId, topic }: { accountId: string; resourceId: string; topic: CallbackTopic },
): Promise<string | undefined> {
  const found = await findCallbacks(tx, { accountId, resourceIds: [resourceId] });
  return found.find((each) => each.topic === topic)?.url;
}

function typesOf(topic: CallbackTopic, tells: WantedCallback['tells']) {
  const { types, typesOfAvailable } = findTopic(topic) ?? { types: [] };
  return tells === 'available' ? (typesOfAvailable ?? types) : types;
}
