// The ASN.1 binding as a route (SGP.22 §6.6): an envelope in, an envelope out; what is no envelope of ours is 400.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import {
  provisioningTagOf,
  readProvisioningMessage,
  writeProvisioningMessage,
} from '../../rsp/asn1/remote_profile_provisioning.ts';
import { refusalOf } from './call_function.ts';
import { checkProtocolVersion, protocolHeader } from './protocol_version.ts';
import type { RspFunction } from './rsp_function.ts';

export type Asn1Routes<C extends Ctx> = {
  functions: readonly RspFunction<C>[];
  /** The context of one request. */
  ctxFor: (request: FastifyRequest) => C | Promise<C>;
};

export const asn1Path = '/gsma/rsp2/asn1';
const contentType = 'application/x-gsma-rsp-asn1';

/** Adds `POST /gsma/rsp2/asn1` for those functions that have a form in ASN.1. */
export function addAsn1Route<C extends Ctx>(
  app: FastifyInstance,
  { functions, ctxFor }: Asn1Routes<C>,
): void {
  app.register((part, _options, done) => {
    part.removeAllContentTypeParsers();
    part.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: limits.es9BodyBytesMax },
      (_request, body, next) => next(null, body),
    );
    part.post(asn1Path, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const tag = provisioningTagOf(body);
      const called = functions.find(({ asn1 }) => asn1 && asn1.tag === tag);
      if (!called) return reply.code(400).send();
      const answer = await callAsn1(await ctxFor(request), called, () => {
        checkProtocolVersion(request.headers[protocolHeader]);
        return body;
      });
      if (answer === undefined) return reply.code(204).send();
      return reply.code(200).header('content-type', contentType).send(Buffer.from(answer));
    });
    done();
  });
}

/** The answer in its envelope; undefined for a function without one. Throws what is not the client's fault. */
async function callAsn1<C extends Ctx>(
  ctx: C,
  { name, answers, asn1 }: RspFunction<C>,
  readBody: () => Uint8Array,
): Promise<Uint8Array | undefined> {
  if (!asn1) return undefined;
  try {
    const answer = await asn1.call(ctx, readProvisioningMessage(readBody()).raw);
    return answers ? writeProvisioningMessage(answer) : undefined;
  } catch (error) {
    const refusal = refusalOf(ctx, name, error);
    return answers ? writeProvisioningMessage(asn1.refuse(refusal.code)) : undefined;
  }
}
