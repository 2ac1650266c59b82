// The running platform: everything opened in the order of need, and closed in the opposite one.
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { connectDialects } from '../api/connect/index.ts';
import { createApiApp } from '../api/create_api_app.ts';
import { es9 } from '../api/es9/index.ts';
import { esimGoDialects } from '../api/esimgo/index.ts';
import { type Core, ctxFor } from '../api/http/core.ts';
import { createMetrics } from '../api/http/metrics.ts';
import { createRadiusServer, readRadiusClients } from '../api/radius/index.ts';
import { createRspServer } from '../api/rsp/index.ts';
import { es11 } from '../api/smds/index.ts';
import { superSimDialects } from '../api/supersim/index.ts';
import { AppError } from '../base/app_error.ts';
import type { Log } from '../base/log.ts';
import { type MobileCore, openOpen5gs, openOsmoHlr } from '../modules/sims/index.ts';
import { tlsOf } from '../modules/smdp/index.ts';
import { noteAccounting } from '../modules/usage/index.ts';
import { createDeliveryDesk, createOutgoing, useOutgoing } from '../modules/webhooks/index.ts';
import { systemCtx } from '../pg/ctx.ts';
import { query } from '../pg/query.ts';
import { startBackground } from './background.ts';
import { measureExpiry } from './certificate_metrics.ts';
import { Certificates } from './certificates.ts';
import type { Config } from './config.ts';
import { clockWorkOf, dueWorkOf } from './due_work.ts';
import { openEs2Listener } from './es2_listener.ts';
import { type Installation, openInstallation } from './open_installation.ts';
import { openSmdp } from './open_smdp.ts';
import { removeServerFile, type ServerFile, writeServerFile } from './server_file.ts';
import { openPush, smdsAddressOf, smdsTlsOf } from './smds.ts';

export type Server = Omit<ServerFile, 'pid'> & {
  installation: Installation;
  /** Reads certificates, keys and revocation lists again; false, and logged, when they cannot be used. */
  reloadCertificates(): Promise<boolean>;
  /** Finishes what is under way and closes everything. */
  stop(): Promise<void>;
};

/** Starts the platform; resolves when it takes orders. Throws `AppError` saying what to do. */
export async function startServer(config: Config, log: Log): Promise<Server> {
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return await start(config, log, closers, stop);
  } catch (error) {
    await stop().catch((cause) => log.error({ err: cause }, 'stopping after a failed start failed too'));
    throw error;
  }
}

async function start(
  config: Config,
  log: Log,
  closers: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Server> {
  const installation = await openInstallation(config, log);
  closers.push(installation.close);
  // The port is in the address that activation codes name, so it must be known before anything is signed.
  const es9Port = config.es9Port === 0 ? await freePort(config.host) : config.es9Port;
  const smdpAddress = config.smdpAddress ?? `localhost:${es9Port}`;
  const smdpAddresses = [smdpAddress, ...config.otherSmdpAddresses];
  const smdsPort = config.smdsPort === 0 ? await freePort(config.host) : config.smdsPort;
  const smdsAddress = smdsAddressOf(config, smdsPort);
  const certificates = await Certificates.open(config, installation, { smdpAddresses, smdsAddress });
  closers.push(() => certificates.close());
  const smdp = openSmdp(config, installation, certificates, smdpAddresses);
  const push = openPush(config, installation, certificates, { smdp, smdsAddress });
  const { smds } = push;
  const outgoing = createOutgoing({ allowedNetworks: config.callbackNetworks });
  useOutgoing(installation, outgoing);
  closers.push(async () => outgoing.close());
  const dialects = { ...superSimDialects(), ...esimGoDialects(), ...connectDialects() };
  const desk = createDeliveryDesk({ outgoing, dialects });
  const cores = openCores(config);
  closers.push(() => Promise.all(cores.map((core) => core.close())));
  const dueWork = dueWorkOf(smdp);
  const background = await startBackground(installation, { smdp, smds, desk, dueWork, cores, certificates });
  closers.push(background.stop);
  // Before it, so that a call of an SM-DS that is slow holds up no stop.
  closers.push(async () => push.close());

  const core: Core = {
    ...installation,
    now: () => new Date(),
    settings: {
      trustProxy: config.trustProxy,
      superSimHosts: config.superSimHosts,
      esimGoHosts: config.esimGoHosts,
      esimGoRequestsPerSecond: config.esimGoRequestsPerSecond,
      corsOrigins: config.corsOrigins,
    },
    dueWork: clockWorkOf(dueWork, desk),
    smdp,
  };
  const es9Server = await listening('OVERAIR_ES9_PORT', es9Port, () =>
    createRspServer({
      host: config.host,
      port: es9Port,
      tls: tlsOf(smdp),
      serve: (app) => void app.register(es9, { ctxFor: (request) => ({ ...ctxFor(core, request), smdp }) }),
    }),
  );
  closers.push(es9Server.close);
  certificates.onReload(() => () => es9Server.replaceTls(tlsOf(smdp)));

  const { es2Port } = config;
  const es2Server = await listening('OVERAIR_ES2_PORT', es2Port, () =>
    openEs2Listener({ host: config.host, port: es2Port, tls: tlsOf(smdp), core, smdp, smds }),
  );
  closers.push(es2Server.close);
  certificates.onReload(() => () => es2Server.replaceTls(tlsOf(smdp)));

  if (smds) {
    const smdsServer = await listening('OVERAIR_SMDS_PORT', smdsPort, () =>
      createRspServer({
        host: config.host,
        port: smdsPort,
        tls: smdsTlsOf(smds),
        serve: (app) =>
          void app.register(es11, { ctxFor: (request) => ({ ...ctxFor(core, request), smds }) }),
      }),
    );
    closers.push(smdsServer.close);
    certificates.onReload(() => () => smdsServer.replaceTls(smdsTlsOf(smds)));
  }

  const metrics = config.metrics ? createMetrics() : undefined;
  if (metrics) measureExpiry(metrics.registry, certificates);
  const { radiusPort } = config;
  if (radiusPort !== undefined) {
    const radius = await listening('OVERAIR_RADIUS_PORT', radiusPort, () =>
      createRadiusServer({
        host: config.host,
        port: radiusPort,
        clients: readRadiusClients(config.radiusClients ?? ''),
        record: (packet) => noteAccounting(systemCtx(installation.database, installation), packet),
        log,
        now: core.now,
        ...(metrics && { registry: metrics.registry }),
      }),
    );
    closers.push(radius.close);
  }

  const api = createApiApp({
    core,
    ready: () => readiness(installation),
    ...(metrics && { metrics }),
    ...(config.tls && {
      tls: { cert: await readFile(config.tls.certFile), key: await readFile(config.tls.keyFile) },
    }),
  });
  closers.push(() => api.close());
  await listening('OVERAIR_HTTP_PORT', config.httpPort, () =>
    api.listen({ host: config.host, port: config.httpPort }),
  );

  const { port } = api.server.address() as AddressInfo;
  const server = {
    apiUrl: `${config.tls ? 'https' : 'http'}://${urlHost(config.host)}:${port}`,
    es9Url: `https://${urlHost(config.host)}:${es9Port}/gsma/rsp2/es9plus`,
    es2Url: `https://${urlHost(config.host)}:${es2Server.port}`,
    smdpAddress,
    ...(smds && { smdsAddress: smds.address }),
    pkiDir: certificates.dir,
  };
  await writeServerFile(config.dataDir, { pid: process.pid, ...server });
  closers.push(() => removeServerFile(config.dataDir));
  certificates.watch(certificatesWatchMs);
  return { installation, ...server, reloadCertificates: () => certificates.reload(), stop };
}

/** The mobile cores that the settings name; the simulated one needs none. */
function openCores({ osmoHlr, open5gs }: Config): MobileCore[] {
  return [
    ...(osmoHlr ? [openOsmoHlr(osmoHlr)] : []),
    ...(open5gs === undefined ? [] : [openOpen5gs({ uri: open5gs })]),
  ];
}

async function readiness({ database }: Installation): Promise<Record<string, string>> {
  const answer = await Promise.race([
    query(database.kysely, 'select 1').then(
      () => 'ok',
      () => 'cannot be reached',
    ),
    new Promise<string>((resolve) => setTimeout(resolve, readinessMsMax, 'does not answer').unref()),
  ]);
  return { database: answer };
}

const readinessMsMax = 2_000;
// How late a changed file in the PKI folder, or a list that another node fetched, is noticed.
const certificatesWatchMs = 30_000;

/** An address to call a listener by: any interface is reached at loopback. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

async function listening<T>(setting: string, port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new AppError(
        'unavailable',
        `Port ${port} is in use. Set ${setting} to another one, or to 0 for any free one.`,
        { cause },
      );
    if (code === 'EACCES')
      throw new AppError('unavailable', `Port ${port} needs privileges. Set ${setting} to one above 1023.`, {
        cause,
      });
    if (code === 'EADDRNOTAVAIL')
      throw new AppError('unavailable', 'OVERAIR_HOST is not an address of this machine.', { cause });
    throw cause;
  }
}

async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, host, resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
