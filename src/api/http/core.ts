// What every door to the core is given: the database, the vault, the log, the clock, and how answers name this server.
import type { FastifyRequest } from 'fastify';
import type { Log } from '../../base/log.ts';
import type { Vault } from '../../base/vault.ts';
import type { OperatorSmdp } from '../../modules/smdp/index.ts';
import { type Actor, type Ctx, noCommit } from '../../pg/ctx.ts';
import type { Database } from '../../pg/database.ts';
import type { DueWork } from '../../pg/due_work.ts';

export type Core = {
  database: Database;
  vault: Vault;
  log: Log;
  /** The wall clock. */
  now: () => Date;
  settings: ApiSettings;
  /** What happens by itself, for the test clock. */
  dueWork: readonly DueWork[];
  /** What operators need of the SM-DP+. */
  smdp: OperatorSmdp;
};

export type ApiSettings = {
  /** True behind a reverse proxy whose `X-Forwarded-Proto`, `-Host` and `-For` may be believed. */
  trustProxy: boolean;
  /** Hosts (lower case, without port) whose root is the Super SIM door; left out, there are none. */
  superSimHosts?: readonly string[];
  /** The same of the eSIM Go door. */
  esimGoHosts?: readonly string[];
  /** How many requests an API key may make at the eSIM Go door; 0 or left out: as many as it likes. */
  esimGoRequestsPerSecond?: number;
  /** Origins whose pages may call; `*` is any. Left out, any may. */
  corsOrigins?: readonly string[];
};

export type { Actor, Ctx };

/**
 * The context of one request, acting as `actor` and in the time of its account, or as nobody in particular before the
 * caller is known.
 */
export function ctxFor(
  core: Core,
  request: Pick<FastifyRequest, 'id'>,
  actor: Actor = system,
  clockOffsetMs = 0,
): Ctx {
  const wall = core.now();
  return {
    db: core.database.kysely,
    now: clockOffsetMs === 0 ? wall : new Date(wall.getTime() + clockOffsetMs),
    actor,
    requestId: request.id,
    log: core.log,
    vault: core.vault,
    afterCommit: runAtOnce,
    alongCommit: noCommit,
  };
}

const system: Actor = { kind: 'system' };

function runAtOnce(run: () => void): void {
  run();
}
