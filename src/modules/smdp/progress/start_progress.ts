// Sends what operators are to be told, in the order of each ICCID, to several at once, so that one that is slow holds up no other.
import type { Log } from '../../../base/log.ts';
import { createRspClient, type RspClient } from '../../../outgoing/rsp_client.ts';
import { runClaimLoop } from '../../../pg/claim.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { writeCertificatePem } from '../../../rsp/pki/pem_identity.ts';
import type { Smdp } from '../smdp.ts';
import { type ClaimedReport, claimReports, type ProgressReceiver } from './claim_reports.ts';
import { noteFailed, noteTaken } from './end_attempt.ts';
import { sendReport } from './send_report.ts';

export type ProgressOptions = {
  /** By the wall clock. */
  ctx: () => Ctx;
  smdp: Pick<Smdp, 'address' | 'tls' | 'trust'>;
  log: Log;
};

/** Runs until stopped; `stop` waits for the calls under way. */
export function startProgress(options: ProgressOptions): { stop(): Promise<void> } {
  const underWay = new Map<Promise<void>, string>();
  const clients = createClients(options.smdp);
  const loop = runClaimLoop({
    name: 'smdp.progress',
    async claimAndWork() {
      if (underWay.size >= underWayMax) return 0;
      const claimed = await claimReports(options.ctx(), roomBeside([...underWay.values()]));
      for (const each of claimed) {
        const sending = send(options, clients, each).finally(() => {
          underWay.delete(sending);
          loop.wake();
        });
        underWay.set(sending, each.report.requesterId);
      }
      return claimed.length;
    },
    idleMs,
    log: options.log,
  });
  return {
    async stop() {
      await loop.stop();
      await Promise.all(underWay.keys());
      clients.close();
    },
  };
}

const underWayMax = 64;
const underWayPerRequesterMax = 8;
// How late an operator is told.
const idleMs = 500;

function roomBeside(busy: readonly string[]) {
  const freeOf = new Map<string, number>();
  for (const id of busy) freeOf.set(id, (freeOf.get(id) ?? underWayPerRequesterMax) - 1);
  return { free: underWayMax - busy.length, freePerRequester: underWayPerRequesterMax, freeOf };
}

/** Never throws: a report whose outcome cannot be written is claimed again when its time is over. */
async function send(
  { ctx, smdp, log }: ProgressOptions,
  clients: Clients,
  { report, receiver }: ClaimedReport,
): Promise<void> {
  try {
    const failed = await sendReport(clients.of(receiver), { url: receiver.url, from: smdp.address }, report);
    if (!failed) return await noteTaken(ctx(), report);
    const { iccid, point, attempts } = report;
    log.warn({ iccid, point, attempts, error: failed.error }, 'an operator did not take a progress report');
    await noteFailed(ctx(), report, failed);
  } catch (error) {
    log.error({ err: error, iccid: report.iccid }, 'a progress report cannot be sent');
  }
}

type Clients = { of(receiver: ProgressReceiver): RspClient; close(): void };

const clientsMax = 200;

/** A client per requester, made anew when its settings or our certificate have changed. */
function createClients(smdp: ProgressOptions['smdp']): Clients {
  const held = new Map<string, RspClient>();
  const closeAll = () => {
    for (const client of held.values()) client.close();
    held.clear();
  };
  return {
    of(receiver) {
      const key = `${receiver.requesterId} ${receiver.updatedAt.getTime()} ${smdp.tls?.certificate}`;
      const known = held.get(key);
      if (known) return known;
      if (held.size >= clientsMax) closeAll();
      const client = createRspClient({
        ...(smdp.tls && { identity: smdp.tls }),
        ca: receiver.ca === null ? smdp.trust.cis.map(({ raw }) => writeCertificatePem(raw)) : [receiver.ca],
        systemRoots: receiver.ca === null,
      });
      held.set(key, client);
      return client;
    },
    close: closeAll,
  };
}
