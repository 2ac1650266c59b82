// Every setting: its name, its form, its default and one sentence. The only file that reads the environment.
import { isIPv4, isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../base/app_error.ts';

const port = wholeNumber(0, 65_535);
const seconds = wholeNumber(1, 86_400);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const text = z.string().min(1);
const list = z
  .string()
  .min(1)
  .transform((all) => all.split(',').map((each) => each.trim()));
const hostAndPort = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]{1,253}):\d{1,5}$/, 'give host:port')
  .transform((given) => {
    const at = given.lastIndexOf(':');
    return { host: given.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(given.slice(at + 1)) };
  });
const hostName = /^([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])$/;
const hostNames = list
  .refine((all) => all.every((host) => hostName.test(host)), 'give host names without port')
  .transform((all) => all.map((host) => host.toLowerCase()))
  .optional();
const originPattern = /^(\*|https?:\/\/[a-z0-9.-]{1,253}(:\d{1,5})?)$/;
const smdpAddress = /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$/;
const rspAddress = /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$/;
const es12Url = /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?=https:\/\/[^\s,=]{1,1000}$/;
const crlUrl = /^https?:\/\/[^\s,]{1,1000}$/;
const version = z.string().regex(/^\d{1,3}\.\d{1,3}\.\d{1,3}$/);

/** The settings, in the order in which `overair config` lists them. */
export const settings = {
  DATABASE_URL: text.optional().describe('PostgreSQL 15 or newer to use; without it Overair starts its own.'),
  OVERAIR_DATA_DIR: text
    .default('.overair')
    .describe('Folder for what this installation keeps: its own PostgreSQL, test PKI, keys.'),
  OVERAIR_HOST: text
    .default('127.0.0.1')
    .describe('Address that all ports listen on; 0.0.0.0 for all interfaces.'),
  OVERAIR_HTTP_PORT: port.default(8080).describe('Port of the API; 0 for any free one.'),
  OVERAIR_ES9_PORT: port
    .default(8443)
    .describe('Port of ES9+ (TLS), where devices download profiles; 0 for any free one.'),
  OVERAIR_ES2_PORT: port
    .default(8444)
    .describe('Port of mutual TLS: ES2+ for operators, ES12 for other servers; 0 for any free one.'),
  OVERAIR_SMDP_ADDRESS: text
    .transform((all) => all.split(',').map((each) => each.trim()))
    .refine(
      (all) => all.every((each) => smdpAddress.test(each)),
      'give host names, each with or without port',
    )
    .refine((all) => all.length <= 20, 'give at most 20')
    .optional()
    .describe(
      'Host name in activation codes and certificates; localhost with the ES9+ port when left out. Several, separated by commas: the first is for new orders, each has certificates of its own.',
    ),
  OVERAIR_SMDS_PORT: port
    .default(8445)
    .describe('Port of ES11 (TLS), where devices ask what waits for them; 0 for any free one.'),
  OVERAIR_SMDS_ADDRESS: text
    .regex(rspAddress)
    .optional()
    .describe(
      'Host name of the built-in SM-DS; localhost with its port when left out. "off" for no SM-DS here.',
    ),
  OVERAIR_SMDS_ROOT: text
    .regex(rspAddress)
    .optional()
    .describe(
      'Address of the root SM-DS: the built-in one passes its events on to it; without one, events are registered there.',
    ),
  OVERAIR_SMDS_ES12_URLS: list
    .refine((all) => all.every((each) => es12Url.test(each)), 'give address=https://host:port')
    .optional()
    .describe(
      'Where other SM-DSs take ES12 and ES15 when not at https://<address>, as address=URL, separated by commas.',
    ),
  OVERAIR_PKI_DIR: text
    .optional()
    .describe(
      'Folder of certificates and keys (CI, DPauth, DPpb, DPtls) in the layout of SGP.26; a test PKI is made when left out.',
    ),
  OVERAIR_CRL_URLS: list
    .refine((all) => all.every((url) => crlUrl.test(url)), 'give URLs like http://ci.example/crl.crl')
    .optional()
    .describe(
      'Certificate revocation lists to fetch every hour, as http or https URLs, separated by commas; *.crl files in the PKI folder are read too.',
    ),
  OVERAIR_CRL_FETCH: flag
    .default(false)
    .describe(
      'Also fetch the lists that the certificates of the CIs and EUMs in the PKI folder name. Test PKIs name some that do not exist.',
    ),
  OVERAIR_PKCS11_MODULE: text
    .optional()
    .describe(
      'Shared library (PKCS#11) of a token that holds private keys, for example /usr/lib/softhsm/libsofthsm2.so. TLS keys stay in files.',
    ),
  OVERAIR_PKCS11_TOKEN: text.optional().describe('Label of the token.'),
  OVERAIR_PKCS11_PIN: text.optional().describe('PIN of its user.'),
  OVERAIR_PKCS11_PIN_FILE: text.optional().describe('File that holds the PIN, instead.'),
  OVERAIR_TLS_CERT: text.optional().describe('PEM file of the certificate chain for the API over HTTPS.'),
  OVERAIR_TLS_KEY: text.optional().describe('PEM file of its private key.'),
  OVERAIR_TRUST_PROXY: flag
    .default(false)
    .describe('Believe X-Forwarded-Host and X-Forwarded-Proto of a proxy in front.'),
  OVERAIR_SUPERSIM_HOSTS: hostNames.describe(
    'Hosts whose root is the Super SIM API (it is under /supersim on every host), separated by commas.',
  ),
  OVERAIR_ESIMGO_HOSTS: hostNames.describe(
    'Hosts whose root is the eSIM Go API without a version (it is under /v2.4 and /esimgo on every host), separated by commas.',
  ),
  OVERAIR_ESIMGO_REQUESTS_PER_SECOND: wholeNumber(0, 10_000)
    .default(10)
    .describe('Requests that an API key may make in a second at the eSIM Go API; 0 for any number.'),
  OVERAIR_CORS_ORIGINS: list
    .refine(
      (all) => all.every((origin) => originPattern.test(origin)),
      'give * or origins like https://a.example',
    )
    .default(['*'])
    .describe('Origins whose pages may call the Super SIM API, separated by commas; * for any.'),
  OVERAIR_SECRETS_KEY: z
    .string()
    .regex(/^(\d{1,3}:[0-9a-fA-F]{64})(,\d{1,3}:[0-9a-fA-F]{64})*$/)
    .optional()
    .describe(
      'Keys that seal secrets at rest, as id:64 hex digits, newest first, separated by commas; a file in the data folder when left out.',
    ),
  OVERAIR_SESSION_SECONDS: seconds.default(600).describe('How long an RSP session waits for its next call.'),
  OVERAIR_SVN_MIN: version
    .default('2.0.0')
    .describe('Oldest specification version of eUICCs that are served.'),
  OVERAIR_SVN_MAX: version
    .default('2.255.255')
    .describe('Newest specification version of eUICCs that are served.'),
  OVERAIR_CALLBACK_NETWORKS: list
    .refine((all) => all.every(isNetwork), 'give networks like 10.0.0.0/8, separated by commas')
    .optional()
    .describe(
      'Private networks that webhooks may reach nevertheless, as CIDR, separated by commas; by default none.',
    ),
  OVERAIR_OSMO_HLR: hostAndPort
    .optional()
    .describe('Control interface (host:port) of the osmo-hlr that knows the lines whose core is osmo_hlr.'),
  OVERAIR_OPEN5GS: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/\S{1,1000}$/)
    .optional()
    .describe('MongoDB of the Open5GS that knows the lines whose core is open5gs, as mongodb://….'),
  OVERAIR_RADIUS_PORT: port
    .optional()
    .describe('UDP port for RADIUS accounting; nothing listens when left out.'),
  OVERAIR_RADIUS_CLIENTS: z
    .string()
    .max(200_000)
    .optional()
    .describe('Who may send RADIUS accounting: address=secret, separated by commas.'),
  OVERAIR_DATABASE_POOL: z.coerce
    .number()
    .int()
    .min(2)
    .max(200)
    .default(10)
    .describe('Connections to PostgreSQL that one process keeps at most.'),
  OVERAIR_METRICS: flag.default(true).describe('Serve Prometheus metrics at /metrics.'),
  OVERAIR_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level that is logged.'),
} as const;

const schemaOfSettings = z.strictObject(settings);
const schema = schemaOfSettings
  .refine(namesToken, {
    message:
      'give OVERAIR_PKCS11_MODULE, OVERAIR_PKCS11_TOKEN, and OVERAIR_PKCS11_PIN or OVERAIR_PKCS11_PIN_FILE together',
    path: ['OVERAIR_PKCS11_MODULE'],
  })
  .refine((config) => (config.OVERAIR_TLS_CERT === undefined) === (config.OVERAIR_TLS_KEY === undefined), {
    message: 'give OVERAIR_TLS_CERT and OVERAIR_TLS_KEY together',
    path: ['OVERAIR_TLS_CERT'],
  })
  .refine(
    (config) => (config.OVERAIR_RADIUS_PORT === undefined) === (config.OVERAIR_RADIUS_CLIENTS === undefined),
    {
      message: 'give OVERAIR_RADIUS_PORT and OVERAIR_RADIUS_CLIENTS together',
      path: ['OVERAIR_RADIUS_PORT'],
    },
  );

/** A token needs a label and one PIN; the rest means nothing without a module. */
function namesToken(config: z.infer<typeof schemaOfSettings>): boolean {
  const { OVERAIR_PKCS11_MODULE: module, OVERAIR_PKCS11_TOKEN: token } = config;
  const pins = [config.OVERAIR_PKCS11_PIN, config.OVERAIR_PKCS11_PIN_FILE].filter((pin) => pin !== undefined);
  return module === undefined
    ? token === undefined && pins.length === 0
    : token !== undefined && pins.length === 1;
}

export type Config = ReturnType<typeof readConfig>;

/** Reads the settings. Throws `invalid_request` naming each unknown or malformed one. */
export function readConfig(environment: Record<string, string | undefined> = process.env) {
  const given = Object.entries(environment).filter(
    ([name, value]) => isOurs(name) && value !== undefined && value !== '',
  );
  const read = schema.safeParse(Object.fromEntries(given));
  if (!read.success)
    throw new AppError('invalid_request', explain(read.error), { fields: read.error.issues.map(readIssue) });
  const config = read.data;
  return {
    databaseUrl: config.DATABASE_URL,
    dataDir: resolve(config.OVERAIR_DATA_DIR),
    host: config.OVERAIR_HOST,
    httpPort: config.OVERAIR_HTTP_PORT,
    es9Port: config.OVERAIR_ES9_PORT,
    /** The one for new orders, and the others. */
    smdpAddress: config.OVERAIR_SMDP_ADDRESS?.[0],
    otherSmdpAddresses: config.OVERAIR_SMDP_ADDRESS?.slice(1) ?? [],
    es2Port: config.OVERAIR_ES2_PORT,
    smdsPort: config.OVERAIR_SMDS_PORT,
    /** Undefined for the default one, null for none. */
    smdsAddress: config.OVERAIR_SMDS_ADDRESS === 'off' ? null : config.OVERAIR_SMDS_ADDRESS,
    smdsRoot: config.OVERAIR_SMDS_ROOT?.toLowerCase(),
    es12Urls: readEs12Urls(config.OVERAIR_SMDS_ES12_URLS ?? []),
    pkiDir: config.OVERAIR_PKI_DIR === undefined ? undefined : resolve(config.OVERAIR_PKI_DIR),
    crlUrls: config.OVERAIR_CRL_URLS ?? [],
    crlFetch: config.OVERAIR_CRL_FETCH,
    pkcs11: pkcs11Of(config),
    tls:
      config.OVERAIR_TLS_CERT && config.OVERAIR_TLS_KEY
        ? { certFile: config.OVERAIR_TLS_CERT, keyFile: config.OVERAIR_TLS_KEY }
        : undefined,
    trustProxy: config.OVERAIR_TRUST_PROXY,
    superSimHosts: config.OVERAIR_SUPERSIM_HOSTS ?? [],
    esimGoHosts: config.OVERAIR_ESIMGO_HOSTS ?? [],
    esimGoRequestsPerSecond: config.OVERAIR_ESIMGO_REQUESTS_PER_SECOND,
    corsOrigins: config.OVERAIR_CORS_ORIGINS,
    secretsKey: config.OVERAIR_SECRETS_KEY,
    sessionSeconds: config.OVERAIR_SESSION_SECONDS,
    svnMin: config.OVERAIR_SVN_MIN,
    svnMax: config.OVERAIR_SVN_MAX,
    callbackNetworks: config.OVERAIR_CALLBACK_NETWORKS ?? [],
    osmoHlr: config.OVERAIR_OSMO_HLR,
    open5gs: config.OVERAIR_OPEN5GS,
    radiusPort: config.OVERAIR_RADIUS_PORT,
    radiusClients: config.OVERAIR_RADIUS_CLIENTS,
    databasePool: config.OVERAIR_DATABASE_POOL,
    metrics: config.OVERAIR_METRICS,
    logLevel: config.OVERAIR_LOG_LEVEL,
  };
}

function pkcs11Of(config: z.infer<typeof schema>) {
  const { OVERAIR_PKCS11_MODULE: module, OVERAIR_PKCS11_TOKEN: token } = config;
  if (module === undefined || token === undefined) return undefined;
  return { module, token, pin: config.OVERAIR_PKCS11_PIN, pinFile: config.OVERAIR_PKCS11_PIN_FILE };
}

function readEs12Urls(given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    given.map((each) => {
      const at = each.indexOf('=');
      return [each.slice(0, at).toLowerCase(), each.slice(at + 1)];
    }),
  );
}

/** Name, default and sentence of each setting, for people. */
export function describeSettings(): { name: string; default: string; description: string }[] {
  return Object.entries(settings).map(([name, each]) => {
    const fallback = each.safeParse(undefined);
    return {
      name,
      default: fallback.success && fallback.data !== undefined ? String(fallback.data) : '',
      description: each.description ?? '',
    };
  });
}

function isNetwork(given: string): boolean {
  const [address = '', bits = '', ...rest] = given.split('/');
  const bitsMax = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax;
}

function wholeNumber(min: number, max: number) {
  const error = `give a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .refine((value) => value >= min && value <= max, error);
}

function isOurs(name: string): boolean {
  return name === 'DATABASE_URL' || name.startsWith('OVERAIR_');
}

function explain(error: z.ZodError): string {
  const lines = error.issues.map(readIssue).map(({ field, detail }) => `  ${field}: ${detail}`);
  return `Some settings cannot be used:\n${lines.join('\n')}\n'overair config' lists all settings.`;
}

function readIssue(issue: z.core.$ZodIssue): { field: string; detail: string } {
  if (issue.code === 'unrecognized_keys')
    return { field: issue.keys.join(', '), detail: 'there is no such setting' };
  return { field: issue.path.join('.'), detail: issue.message };
}
