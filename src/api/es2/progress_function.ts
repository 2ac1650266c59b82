// ES2+.HandleDownloadProgressInfo (SGP.22 §5.3.5): remote SM-DP+ servers tell what became of the profiles that they made for us.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  identifyPeer,
  noteRemoteProgress,
  type ProgressReport,
  type RemotePeer,
  type RemoteProgressCtx,
} from '../../modules/remote_smdp/index.ts';
import { RspError } from '../../rsp/rsp_error.ts';
import { type RspFunction, readMembers, textMember } from '../rsp/rsp_function.ts';
import { addRspRoutes } from '../rsp/rsp_plugin.ts';
import { header, readEid, readIccid, shortText } from './es2_members.ts';
import { peerCertificates } from './peer_certificates.ts';

export type Es2ProgressOptions = {
  /** The context of one request: its id, the wall clock, the database, and what follows profiles. */
  ctxFor: (request: FastifyRequest) => Omit<RemoteProgressCtx, 'peer'>;
};

/** The route `POST /gsma/rsp2/es2plus/handleDownloadProgressInfo`, for a server that asks clients for a certificate. */
export function es2Progress(app: FastifyInstance, { ctxFor }: Es2ProgressOptions, done: () => void): void {
  const callers = new WeakMap<FastifyRequest, RemotePeer>();
  // Before the body: nobody unknown makes this server read one.
  app.addHook('onRequest', async (request) => {
    callers.set(request, await identifyPeer(ctxFor(request), peerCertificates(request)?.certificate));
  });
  addRspRoutes<RemoteProgressCtx>(app, {
    prefix: '/gsma/rsp2/es2plus',
    functions: [handleDownloadProgressInfo],
    ctxFor: (request) => ({ ...ctxFor(request), peer: callers.get(request) ?? { serverIds: [] } }),
    logCtx: ctxFor,
  });
  done();
}

const statusCodeData = z.object({
  subjectCode: z.string().max(20),
  reasonCode: z.string().max(20),
  message: z.string().max(2000).exactOptional(),
});

const reportBody = z.object({
  header,
  eid: z.string().max(255).exactOptional(),
  iccid: z.string().max(255),
  profileType: shortText.exactOptional(),
  timestamp: z.string().max(40),
  // Some send it as text.
  notificationPointId: z.union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,6}$/)
      .transform(Number),
  ]),
  notificationPointStatus: z.object({
    status: z.enum(['Executed-Success', 'Executed-WithWarning', 'Failed', 'Expired']),
    statusCodeData: statusCodeData.exactOptional(),
  }),
  resultData: textMember.exactOptional(),
});

const handleDownloadProgressInfo: RspFunction<RemoteProgressCtx> = {
  name: 'handleDownloadProgressInfo',
  answers: false,
  async call(ctx, body) {
    await noteRemoteProgress(ctx, readReport(readMembers(reportBody, body)));
    return {};
  },
};

function readReport(body: z.output<typeof reportBody>): ProgressReport {
  return {
    callIdentifier: body.header.functionCallIdentifier,
    iccid: readIccid(body.iccid),
    eid: body.eid === undefined ? null : readEid(body.eid),
    at: readTimestamp(body.timestamp),
    point: body.notificationPointId,
    failure: failureOf(body.notificationPointStatus),
    resultData: body.resultData ?? null,
  };
}

function failureOf({
  status,
  statusCodeData: data,
}: z.output<typeof reportBody>['notificationPointStatus']): ProgressReport['failure'] {
  if (status === 'Executed-Success' || status === 'Executed-WithWarning') return null;
  const { subjectCode = '?', reasonCode = '?', message = '' } = data ?? {};
  return {
    subjectCode,
    reasonCode,
    message: message.slice(0, messageCharsMax).replace(/[\p{Cc}\p{Cs}]/gu, ' '),
  };
}

const messageCharsMax = 300;

/** `YYYY-MM-DDThh:mm:ssTZD` (SGP.22 §5.3.5, W3C). Throws RspError `message_invalid`. */
function readTimestamp(text: string): Date {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)
    ? new Date(text)
    : null;
  if (at && !Number.isNaN(at.getTime())) return at;
  throw new RspError('message_invalid', 'timestamp: give YYYY-MM-DDThh:mm:ssTZD');
}
