// Who may send accounting: an address and the secret shared with it.
import { isIP, SocketAddress } from 'node:net';
import { AppError } from '../../base/app_error.ts';

export type RadiusClient = { address: string; secret: string };

const clientsMax = 1000;
const secretCharsMin = 8;
const secretCharsMax = 128;

/** Reads `address=secret,address=secret`; a secret holds no comma. Throws `invalid_request` that tells no secret. */
export function readRadiusClients(text: string): RadiusClient[] {
  const clients = text.split(',').map((entry, index) => readClient(entry.trim(), index + 1));
  if (clients.length > clientsMax)
    throw new AppError('invalid_request', `Name at most ${clientsMax} RADIUS clients.`);
  if (new Set(clients.map(({ address }) => plainAddress(address))).size < clients.length)
    throw new AppError('invalid_request', 'A RADIUS client is named twice.');
  return clients;
}

function readClient(entry: string, place: number): RadiusClient {
  const [, address = '', secret = ''] = /^([^=]*)=(.*)$/.exec(entry) ?? [];
  if (isIP(address) === 0)
    throw new AppError(
      'invalid_request',
      `RADIUS client ${place}: write an IP address, "=", and the secret.`,
    );
  if (secret.length < secretCharsMin || secret.length > secretCharsMax)
    throw new AppError(
      'invalid_request',
      `RADIUS client ${place}: a secret has ${secretCharsMin} to ${secretCharsMax} characters.`,
    );
  return { address: plainAddress(address), secret };
}

/** One spelling for each address: no zone, IPv4 as such when it comes through an IPv6 socket. */
export function plainAddress(address: string): string {
  const bare = address.replace(/%.*$/, '');
  if (isIP(bare) !== 6) return bare;
  const plain = new SocketAddress({ address: bare, family: 'ipv6' }).address;
  return plain.replace(/^::ffff:(?=\d+\.)/, '');
}
