// Registers and deletes events at another SM-DS: ES12 of an SM-DP+, ES15 of an SM-DS (SGP.22 §5.9, §5.10).
import { randomUUID } from 'node:crypto';
import { RspCallError } from '../../outgoing/rsp_call_error.ts';
import type { RspClient } from '../../outgoing/rsp_client.ts';
import { RspError } from '../../rsp/rsp_error.ts';

export type SmdsClient = {
  /**
   * `known` when the SM-DS has an event of this id already, which is what a repetition of a call meets whose answer was
   * lost. Throws RspError: `smds_inaccessible` (8.9/5.1), `smds_refused` (8.9/4.2).
   */
  registerEvent(smdsAddress: string, event: EventCall): Promise<'registered' | 'known'>;
  /** An event that the SM-DS does not have is deleted. Throws RspError as above. */
  deleteEvent(smdsAddress: string, event: Pick<EventCall, 'eid' | 'eventId'>): Promise<void>;
};

export type EventCall = {
  eid: string;
  eventId: string;
  rspServerAddress: string;
  forwardingIndicator: boolean;
};

export type SmdsClientOptions = {
  client: RspClient;
  interface: 'es12' | 'es15';
  /** Where an SM-DS is to be called if not at `https://<its address>`. */
  urls?: ReadonlyMap<string, string>;
  /** What we call ourselves: functionRequesterIdentifier. */
  requesterIdentifier: string;
};

export function createSmdsClient(options: SmdsClientOptions): SmdsClient {
  return {
    registerEvent: (smdsAddress, { eid, eventId, rspServerAddress, forwardingIndicator }) =>
      call(options, smdsAddress, 'registerEvent', {
        eid,
        rspServerAddress,
        eventId,
        forwardingIndicator,
      }).then(
        () => 'registered',
        (error) => {
          if (isRefusal(error, eventKnown)) return 'known';
          throw translate(error);
        },
      ),
    deleteEvent: (smdsAddress, { eid, eventId }) =>
      call(options, smdsAddress, 'deleteEvent', { eid, eventId }).catch((error) => {
        if (!isRefusal(error, eventUnknown)) throw translate(error);
      }),
  };
}

const eventKnown = '8.9.5/3.3';
const eventUnknown = '8.9.5/3.9';
const addressPattern =
  /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:\d{1,5})?$|^\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?$/;

async function call(
  { client, interface: name, urls, requesterIdentifier }: SmdsClientOptions,
  smdsAddress: string,
  functionName: string,
  members: object,
): Promise<void> {
  const url = urls?.get(smdsAddress.toLowerCase());
  if (url === undefined && !addressPattern.test(smdsAddress))
    throw new RspError('smds_inaccessible', 'The SM-DS address is no host name.');
  await client.call({
    baseUrl: url ?? `https://${smdsAddress}`,
    path: `/gsma/rsp2/${name}/${functionName}`,
    body: {
      header: {
        functionRequesterIdentifier: requesterIdentifier,
        functionCallIdentifier: randomUUID(),
      },
      ...members,
    },
  });
}

function isRefusal(error: unknown, codes: string): boolean {
  if (!(error instanceof RspCallError) || !error.refusal) return false;
  return `${error.refusal.subjectCode}/${error.refusal.reasonCode}` === codes;
}

function translate(error: unknown): unknown {
  if (!(error instanceof RspCallError)) return error;
  return new RspError(
    error.kind === 'unreachable' ? 'smds_inaccessible' : 'smds_refused',
    error.message,
    error,
  );
}
