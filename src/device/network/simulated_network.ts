// A visited network with its packet core, played in software: it tells the platform over HTTP what a real one would.
import { randomUUID } from 'node:crypto';
import { DeviceError } from '../device_error.ts';
import { attach } from './attach.ts';
import { type ReceivedCommand, sendSms, takeCommands } from './commands.ts';
import type { DataFlow } from './cut_flow.ts';
import { createPlatformClient, type PlatformClientOptions } from './platform_client.ts';
import { attachmentOf, type PhoneCard, type Place, type Session } from './session.ts';
import { tellUsage } from './tell_usage.ts';
import { type UsedData, useData } from './use_data.ts';

/** Each throws `DeviceError`: what the network refuses is `refused_by_network`, with `networkCause` to decide by. */
export type SimulatedNetwork = {
  /** The card's enabled profile authenticates and attaches there. */
  attach(card: PhoneCard, place: Place): Promise<Session>;
  /** Moves on to another network, where the card authenticates again. When that is refused the phone stays where it was. */
  roam(session: Session, place: Place): Promise<void>;
  /** Uses data until now, in records of at most 15 minutes and 100 MB. */
  useData(session: Session, flow: DataFlow): Promise<UsedData>;
  /** A call of this many whole seconds that ends now. */
  call(session: Session, seconds: number): Promise<void>;
  /** Gives the command's id. */
  sendSms(session: Session, content: string | Uint8Array): Promise<string>;
  /** What the platform sent to the line; messages are confirmed as delivered. */
  takeCommands(session: Session): Promise<ReceivedCommand[]>;
  detach(session: Session): Promise<void>;
};

export type SimulatedNetworkOptions = PlatformClientOptions & {
  /** The time of the account, whose clock may have been moved; the wall clock if left out. */
  now?: () => Date;
};

export function createSimulatedNetwork({
  now = () => new Date(),
  ...options
}: SimulatedNetworkOptions): SimulatedNetwork {
  const client = createPlatformClient(options);
  return {
    attach: async (card, place) => ({ card, attachment: await attach(client, card, place, now()) }),
    async roam(session, place) {
      attachmentOf(session);
      session.attachment = await attach(client, session.card, place, now());
    },
    useData: (session, flow) => useData(client, session, flow, now()),
    async call(session, seconds) {
      if (!Number.isInteger(seconds) || seconds < 1 || seconds > callSecondsMax)
        throw new DeviceError('invalid_input', 'A call lasts from 1 second to 24 hours.');
      await tellUsage(client, session, { id: randomUUID(), kind: 'voice', at: now(), seconds });
    },
    sendSms: (session, content) => sendSms(client, session, content, now()),
    takeCommands: (session) => takeCommands(client, session),
    async detach(session) {
      const { imsi: sim } = attachmentOf(session);
      await client.call('POST', '/network/detachments', { sim });
      session.attachment = undefined;
    },
  };
}

const callSecondsMax = 86_400;
