// ES9+ as a part of a server: the routes `POST /gsma/rsp2/es9plus/{function}`, and `POST /gsma/rsp2/asn1` for all of them.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SmdpCtx } from '../../modules/smdp/index.ts';
import { addRspRoutes } from '../rsp/rsp_plugin.ts';
import { es9Functions } from './es9_functions.ts';

export type Es9Options = {
  /** The context of one request: its id, the clock, the database, the SM-DP+. */
  ctxFor: (request: FastifyRequest) => SmdpCtx;
};

export function es9(app: FastifyInstance, { ctxFor }: Es9Options, done: () => void): void {
  addRspRoutes(app, { prefix: '/gsma/rsp2/es9plus', functions: es9Functions, ctxFor, logCtx: ctxFor });
  done();
}
