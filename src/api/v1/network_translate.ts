// What a mobile core tells and asks, between the wire and the core.
import type { z } from 'zod';
import type { AuthenticationVector, SeenLine } from '../../modules/sims/index.ts';
import type { authenticationVector, seenSimBody } from './network_schemas.ts';

export function readSeenSim(accountId: string, body: z.output<typeof seenSimBody>): SeenLine {
  const { at, ...same } = body;
  return { accountId, ...same, ...(at !== undefined && { at: new Date(at) }) };
}

export function writeVector(from: AuthenticationVector): z.output<typeof authenticationVector> {
  return { rand: writeHex(from.rand), autn: writeHex(from.autn), xres: writeHex(from.xres) };
}

function writeHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
