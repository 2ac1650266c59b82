// The server that is measured, in a process of its own: the whole platform, or its API alone with nobody fulfilling.
import type { AddressInfo } from 'node:net';
import { createApiApp } from '../../src/api/create_api_app.ts';
import { createMetrics } from '../../src/api/http/metrics.ts';
import { type Config, readConfig } from '../../src/main/config.ts';
import { createLog } from '../../src/main/log.ts';
import { openInstallation } from '../../src/main/open_installation.ts';
import { startServer } from '../../src/main/server.ts';
import { followProfile } from '../../src/modules/esims/index.ts';
import { smdpSettingsDefault } from '../../src/modules/smdp/index.ts';
import { answerParent } from './child.ts';

/** `apiOnly` is a node of an installation where another node fulfils. */
export type ServerQuestion = { dataDir: string; apiOnly?: boolean };
export type ServerAnswer = { apiPort: number; es9Port: number; smdpAddress: string; pkiDir: string };

answerParent(async ({ dataDir, apiOnly = false }: ServerQuestion): Promise<ServerAnswer> => {
  const config = readConfig({
    OVERAIR_DATA_DIR: dataDir,
    OVERAIR_HTTP_PORT: '0',
    OVERAIR_ES9_PORT: '0',
    OVERAIR_ES2_PORT: '0',
    OVERAIR_SMDS_PORT: '0',
    OVERAIR_LOG_LEVEL: 'warn',
  });
  const { answer, stop } = await (apiOnly ? startApi(config) : startAll(config));
  process.on('SIGTERM', () => void stop().then(() => process.exit()));
  return answer;
});

type Started = { answer: ServerAnswer; stop: () => Promise<void> };

async function startAll(config: Config): Promise<Started> {
  const { apiUrl, es9Url, smdpAddress, pkiDir, stop } = await startServer(config, createLog(config.logLevel));
  const answer = { apiPort: portOf(apiUrl), es9Port: portOf(es9Url), smdpAddress, pkiDir };
  return { answer, stop };
}

async function startApi(config: Config): Promise<Started> {
  const installation = await openInstallation(config, createLog(config.logLevel));
  const core = {
    ...installation,
    now: () => new Date(),
    settings: { trustProxy: false },
    dueWork: [],
    smdp: { profileMoved: followProfile, settings: smdpSettingsDefault },
  };
  const app = createApiApp({ core, ready: async () => ({}), metrics: createMetrics() });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const stop = () => app.close().then(installation.close);
  return { answer: { apiPort: port, es9Port: 0, smdpAddress: '', pkiDir: '' }, stop };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
