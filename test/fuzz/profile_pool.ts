// Profiles to be attacked: ordered from the server as any client does, and watched in its database.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export type PooledProfile = { iccid: string; matchingId: string; confirmationCode: string | undefined };

export type ProfilePool = {
  take(): Promise<PooledProfile>;
  /** All that a message could change of a profile, as text. */
  stateOf(iccid: string): Promise<string>;
  /** What no message may have changed: profiles that nobody names. */
  bystanders(): Promise<string>;
  openSessions(): Promise<number>;
  /** Those that the sweep, which runs every minute, has not ended. */
  overdueSessions(): Promise<number>;
  close(): Promise<void>;
};

const batchSize = 200;
const code = '4711';

export async function openProfilePool(server: {
  apiUrl: string;
  apiKey: string;
  connectionString: string;
}): Promise<ProfilePool> {
  const database = new pg.Pool({ connectionString: server.connectionString, max: 4 });
  const waiting: PooledProfile[] = [];
  let filling: Promise<void> | undefined;
  const fill = async () => {
    for (const confirmationCode of [undefined, undefined, code])
      waiting.push(...(await order(server, confirmationCode)));
  };
  const countSessions = async (which: string): Promise<number> => {
    const text = `select count(*)::int as open from smdp.sessions where state <> 'ended' and ${which}`;
    return (await database.query(text)).rows[0].open;
  };
  const bystanding = (await order(server, undefined)).map(({ iccid }) => iccid);
  return {
    async take() {
      for (;;) {
        const profile = waiting.shift();
        if (profile) return profile;
        filling ??= fill().finally(() => {
          filling = undefined;
        });
        await filling;
      }
    },
    async stateOf(iccid) {
      const { rows } = await database.query({ name: 'state', text: stateText, values: [iccid] });
      return JSON.stringify(rows);
    },
    async bystanders() {
      const { rows } = await database.query(bystandersText, [bystanding]);
      return JSON.stringify(rows);
    },
    openSessions: () => countSessions('true'),
    overdueSessions: () => countSessions("expires_at < now() - interval '2 minutes'"),
    close: () => database.end(),
  };
}

const stateText = `
  select state, eid, download_attempts, confirmation_failures, encode(euicc_otpk, 'hex') as otpk, last_result, enabled,
    last_seq_number, downloaded_at, installed_at
  from smdp.profiles where iccid = $1`;

const bystandersText = `
  select md5(string_agg(p::text, '' order by iccid)) as all from smdp.profiles p where iccid = any($1)`;

async function order(
  { apiUrl, apiKey }: { apiUrl: string; apiKey: string },
  confirmationCode: string | undefined,
): Promise<PooledProfile[]> {
  const call = async (method: string, path: string, body?: object): Promise<any> => {
    const answer = await fetch(`${apiUrl}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return await answer.json();
  };
  const line = {
    product: 'esim_1GB_7D_NL_V2',
    quantity: batchSize,
    ...(confirmationCode && { confirmationCode }),
  };
  const { id } = await call('POST', '/orders', { lines: [line] });
  for (;;) {
    const { status } = await call('GET', `/orders/${id}`);
    if (status === 'completed') break;
    if (status === 'failed') throw new Error('the order of profiles failed');
    await sleep(20);
  }
  const { data } = await call('GET', `/orders/${id}/esims?limit=${batchSize}`);
  return data.map((esim: { iccid: string; activationCode: string }) => ({
    iccid: esim.iccid,
    matchingId: esim.activationCode.split('$')[2] ?? '',
    confirmationCode,
  }));
}
