// The Scalar reference page and its script, out of the npm package: nothing is fetched from elsewhere.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import fastify from 'fastify';

/** The page and its script, loaded when somebody first wants them: the package takes 0.4 s and 20 MB. */
export function loadReference(): Promise<Reference> {
  loading ??= renderReference().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

type Reference = { page: string; scriptGzip: Buffer };

let loading: Promise<Reference> | undefined;

/** The package is a plugin that answers requests: it is asked once, on a server that never listens. */
async function renderReference(): Promise<Reference> {
  const { default: apiReference } = await import('@scalar/fastify-api-reference');
  const server = fastify({ logger: false });
  await server.register(apiReference, { routePrefix: '/docs', configuration });
  const page = await server.inject('/docs/');
  const script = await server.inject('/docs/js/scalar.js');
  await server.close();
  return { page: page.body, scriptGzip: await promisify(gzip)(script.rawPayload) };
}

const configuration = {
  url: '/openapi.json',
  pageTitle: 'Overair API',
  telemetry: false,
  withDefaultFonts: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
  hideClientButton: true,
} as const;
