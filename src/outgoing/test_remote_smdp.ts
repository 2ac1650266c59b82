// For tests: an SM-DP+ of somebody else with a stock of profiles, where the same call again is a resend.
import { luhnDigit } from '../base/digits.ts';
import {
  type ReceivedCall,
  startTestRspServer,
  type TestAnswer,
  type TestIdentity,
  type TestRspServer,
  testIdentity,
} from './test_rsp_server.ts';

export type TestRemoteSmdp = {
  server: TestRspServer;
  /** What it has given out, by ICCID; what was cancelled is `available`. */
  profiles: Map<string, TestRemoteProfile>;
  /** Calls of this function that came. */
  calls(name: string): ReceivedCall[];
  /** Answers these calls, as long as it gives something, instead of what was right; what is right was done all the same when `obeys`. */
  fault: (name: string, call: ReceivedCall) => TestAnswer | undefined;
  obeys: boolean;
  ours: TestIdentity;
};

export type TestRemoteProfile = {
  state: 'allocated' | 'linked' | 'released' | 'available';
  eid: string | undefined;
  matchingId: string | undefined;
  confirmation: Record<string, unknown> | undefined;
};

export async function startTestRemoteSmdp({ stock = 100 } = {}): Promise<TestRemoteSmdp> {
  const server = await startTestRspServer();
  const answered = new Map<string, Record<string, unknown>>();
  const remote: TestRemoteSmdp = {
    server,
    profiles: new Map(),
    calls: (name) => server.received.filter(({ path }) => path.endsWith(`/${name}`)),
    fault: () => undefined,
    obeys: true,
    ours: testIdentity(),
  };
  const functions: Record<string, (body: Record<string, unknown>) => TestAnswer> = {
    downloadOrder: ({ profileType, eid }) => {
      if (profileType !== 'THEIRS') return { refuse: ['8.2.5', '3.9'] };
      if (remote.profiles.size >= stock) return { refuse: ['8.2.5', '3.7'] };
      const iccid = nextIccid();
      const given = { matchingId: undefined, confirmation: undefined, eid: eid as string | undefined };
      remote.profiles.set(iccid, { ...given, state: eid === undefined ? 'allocated' : 'linked' });
      return { ok: { iccid } };
    },
    confirmOrder: (body) => {
      const profile = remote.profiles.get(String(body['iccid']));
      if (!profile) return { refuse: ['8.2.1', '3.9'] };
      const matchingId = body['matchingId'] ?? `THEIR-${String(body['iccid']).slice(-6)}`;
      Object.assign(profile, { state: 'released', matchingId, confirmation: body });
      return { ok: { matchingId, smdpAddress: 'theirs.example.com' } };
    },
    cancelOrder: ({ iccid }) => {
      const profile = remote.profiles.get(String(iccid));
      if (!profile) return { refuse: ['8.2.1', '3.9'] };
      profile.state = 'available';
      return { ok: {} };
    },
  };
  server.answer = (call) => {
    const name = call.path.split('/').at(-1) ?? '';
    const right = () => obey(answered, call, functions[name] ?? (() => ({ status: 404 })));
    const fault = remote.fault(name, call);
    if (fault === undefined) return right();
    if (remote.obeys) right();
    return fault;
  };
  return remote;
}

/** The same identifier again is the same call again. */
function obey(
  answered: Map<string, Record<string, unknown>>,
  { body, path }: ReceivedCall,
  run: (body: Record<string, unknown>) => TestAnswer,
): TestAnswer {
  const { functionCallIdentifier } = body['header'] as Record<string, string>;
  const key = `${path} ${functionCallIdentifier}`;
  const earlier = answered.get(key);
  if (earlier) return { ok: earlier };
  const answer = run(body);
  if (typeof answer === 'object' && 'ok' in answer) answered.set(key, answer.ok);
  return answer;
}

export function settingsOf({ server, ours }: TestRemoteSmdp) {
  return {
    name: 'partner',
    es2Url: server.url,
    requesterIdentifier: 'OVERAIR',
    certificate: ours.identity.certificate,
    privateKey: ours.identity.privateKey,
    ca: server.own.ca,
    peerCertificates: [server.own.identity.certificate],
  };
}

let serial = 0;

function nextIccid(): string {
  const digits = `894900${String(process.pid % 10_000).padStart(4, '0')}${String(++serial).padStart(8, '0')}`;
  return digits + luhnDigit(digits);
}
