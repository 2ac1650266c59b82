// ES11 as a part of a server: at the paths of ES9+, where LPAs look for it.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SmdsCtx } from '../../modules/smds/index.ts';
import { addRspRoutes } from '../rsp/rsp_plugin.ts';
import { es11Functions } from './es11_functions.ts';

export type Es11Options = {
  /** The context of one request: its id, the clock, the database, the SM-DS. */
  ctxFor: (request: FastifyRequest) => SmdsCtx;
};

export function es11(app: FastifyInstance, { ctxFor }: Es11Options, done: () => void): void {
  addRspRoutes(app, { prefix: '/gsma/rsp2/es9plus', functions: es11Functions, ctxFor, logCtx: ctxFor });
  done();
}
