// What happened in an RSP session, call by call: kept in the session for the operator who is asked why it did not install.
import type { SmdpCtx } from '../smdp.ts';

export type SessionFunction =
  | 'initiateAuthentication'
  | 'authenticateClient'
  | 'getBoundProfilePackage'
  | 'handleNotification'
  | 'cancelSession';

/** As it stands in `smdp.sessions.steps`; `at` is ISO 8601. */
export type SessionStep = {
  function: SessionFunction;
  at: string;
  status: 'ok' | 'refused';
  /** Of a refusal. */
  subjectCode?: string;
  reasonCode?: string;
  /** In words: why it was refused, or what the eUICC reported. */
  detail?: string;
};

/** Who a session turned out to be about, although it was refused. */
export type SessionOwner = { eid?: string; iccid?: string };

/** One call that was answered as the client wished. */
export function stepTaken(ctx: SmdpCtx, name: SessionFunction, detail?: string): SessionStep {
  return {
    function: name,
    at: ctx.now.toISOString(),
    status: 'ok',
    ...(detail && { detail: shortened(detail) }),
  };
}

const detailCharsMax = 200;

function shortened(detail: string): string {
  return detail.length > detailCharsMax ? `${detail.slice(0, detailCharsMax)}…` : detail;
}
