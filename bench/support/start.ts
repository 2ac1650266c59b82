// Starts the processes that a benchmark is made of, and knows what each one cost.
import type { BareRoute } from './bare_route.ts';
import { type Child, type ChildOptions, startChild } from './child.ts';
import type { Load, LoadResult } from './http_load.ts';
import { cpuMsOf, cpuMsOfChildren } from './process_usage.ts';
import type { ServerAnswer, ServerQuestion } from './server.ts';

export type StartedServer = ServerAnswer & { pid: number; stop(): Promise<void> };

/** The platform on this data folder, or with `apiOnly` a node that only serves the API. */
export async function startServer(
  question: ServerQuestion,
  options: { node?: string; profileDir?: string | undefined } = {},
): Promise<StartedServer> {
  const { node, profileDir } = options;
  const nodeOptions = [
    asStarted,
    ...(profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`]),
  ];
  const started: ChildOptions = { nodeOptions, ...(node !== undefined && { node }) };
  const child = startChild<ServerQuestion, ServerAnswer>('server.ts', started);
  return { ...(await child.ask(question)), pid: child.pid, stop: child.stop };
}

/** As `bin/overair` starts Node. */
const asStarted = '--max-semi-space-size=32';

export async function startBareRoute(
  route: BareRoute,
): Promise<{ pid: number; apiPort: number; stop(): Promise<void> }> {
  const child = startChild<BareRoute, { port: number }>('bare_route.ts');
  const { port } = await child.ask(route);
  return { pid: child.pid, apiPort: port, stop: child.stop };
}

export type LoadProcess = Child<Load, LoadResult>;

export function startLoad(): LoadProcess {
  return startChild('http_load.ts');
}

/** What `run` gives, and the CPU time it took the server and its PostgreSQL, per request in microseconds. */
export async function withCost<T extends { perSecond: number }>(
  of: { serverPid: number; postmasterPid?: number },
  run: () => Promise<T>,
): Promise<T & Cost> {
  const usedMs = () => ({
    server: cpuMsOf(of.serverPid),
    postgres: of.postmasterPid === undefined ? 0 : cpuMsOfChildren(of.postmasterPid),
  });
  const before = usedMs();
  const since = performance.now();
  const result = await run();
  const requests = (result.perSecond * (performance.now() - since)) / 1000;
  const after = usedMs();
  return {
    ...result,
    serverUs: ((after.server - before.server) * 1000) / requests,
    postgresUs: ((after.postgres - before.postgres) * 1000) / requests,
  };
}

export type Cost = { serverUs: number; postgresUs: number };
