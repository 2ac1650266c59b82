// `overair sandbox`: makes the sandbox if there is none yet, and prints where and with what it is used.
import { parseArgs } from 'node:util';
import { type Config, readConfig } from '../main/config.ts';
import { createLog } from '../main/log.ts';
import { openInstallation } from '../main/open_installation.ts';
import { findSandboxKeyId, openSandbox, type Sandbox, superSimSignIn } from '../main/sandbox.ts';
import { openSandboxRequester, type SandboxRequester } from '../main/sandbox_requester.ts';
import { findServer, type ServerFile } from '../main/server_file.ts';

export async function sandboxCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help)
    return console.log(
      'overair sandbox [--json]\n\nMakes the sandbox account of this installation if there is none yet, with a credit, a catalogue of travel\nbundles and a stock of SIM profiles, and prints the base URL and the credentials of every door. It works\nbeside a running server and without one.',
    );
  const config = readConfig();
  const installation = await openInstallation(config, createLog('warn'));
  try {
    const sandbox = await openSandbox(installation, config.dataDir);
    const requester = await openSandboxRequester(installation, sandbox.account.id, config.dataDir);
    const apiKeyId = await findSandboxKeyId(installation, sandbox);
    const described = describeSandbox(
      { ...sandbox, apiKeyId, requester },
      config,
      await findServer(config.dataDir),
    );
    console.log(values.json ? JSON.stringify(described, undefined, 2) : asText(described));
  } finally {
    await installation.close();
  }
}

export type SandboxDescription = {
  running: boolean;
  account: Sandbox['account'];
  doors: {
    v1: { baseUrl: string; apiKey: string; header: string; openapi: string };
    supersim: { baseUrl: string; accountSid: string; authToken: string };
    esimgo: { baseUrl: string; apiKey: string };
    connect: { baseUrl: string; tokenUrl: string; clientId: string; clientSecret: string };
    es9: { smdpAddress: string; baseUrl: string; pkiDir: string };
    es2: { baseUrl: string } & SandboxRequester;
  };
};

/** What a script needs to drive the sandbox. Without a running server the URLs are those of the settings. */
export function describeSandbox(
  sandbox: Sandbox & { apiKeyId: string; requester: SandboxRequester },
  config: Config,
  server: ServerFile | undefined,
): SandboxDescription {
  const apiUrl = server?.apiUrl ?? `${config.tls ? 'https' : 'http'}://${config.host}:${config.httpPort}`;
  const smdpAddress = server?.smdpAddress ?? config.smdpAddress ?? `localhost:${config.es9Port}`;
  return {
    running: server !== undefined,
    account: sandbox.account,
    doors: {
      v1: {
        baseUrl: `${apiUrl}/v1`,
        apiKey: sandbox.apiKey,
        header: `Authorization: Bearer ${sandbox.apiKey}`,
        openapi: `${apiUrl}/openapi.json`,
      },
      supersim: { baseUrl: `${apiUrl}/supersim`, ...superSimSignIn(sandbox) },
      esimgo: { baseUrl: `${apiUrl}/v2.4`, apiKey: sandbox.apiKey },
      connect: {
        baseUrl: `${apiUrl}/connect-api`,
        tokenUrl: `${apiUrl}/auth/realms/tru-staff/protocol/openid-connect/token`,
        clientId: sandbox.apiKeyId,
        clientSecret: sandbox.apiKey,
      },
      es9: {
        smdpAddress,
        baseUrl: server?.es9Url ?? `https://${config.host}:${config.es9Port}/gsma/rsp2/es9plus`,
        pkiDir: server?.pkiDir ?? config.pkiDir ?? `${config.dataDir}/pki`,
      },
      es2: {
        baseUrl: `${server?.es2Url ?? `https://${config.host}:${config.es2Port}`}/gsma/rsp2/es2plus`,
        ...sandbox.requester,
      },
    },
  };
}

function asText({ running, account, doors }: SandboxDescription): string {
  return [
    `Account   ${account.name} (${account.id}), billed in ${account.currency}`,
    `API       ${doors.v1.baseUrl}`,
    `API key   ${doors.v1.apiKey}`,
    `Reference ${doors.v1.openapi}`,
    `Super SIM ${doors.supersim.baseUrl}, account SID ${doors.supersim.accountSid}, auth token: the API key`,
    `eSIM Go   ${doors.esimgo.baseUrl}, X-API-Key: the API key`,
    `Connect   ${doors.connect.baseUrl}, client id ${doors.connect.clientId}, client secret: the API key`,
    `SM-DP+    ${doors.es9.smdpAddress} (${doors.es9.baseUrl}), certificates in ${doors.es9.pkiDir}`,
    `ES2+      ${doors.es2.baseUrl}, functionRequesterIdentifier ${doors.es2.identifier},`,
    `          client certificate ${doors.es2.certificateFile} with key ${doors.es2.keyFile}`,
    ...(running ? [] : ['', 'No server is running on this data folder: start one with `npm start`.']),
  ].join('\n');
}
