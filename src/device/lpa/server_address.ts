// The address of an RSP server as activation codes carry it: a host name, and a port when it is not 443.
import { isIP } from 'node:net';
import { DeviceError } from '../device_error.ts';

export type ServerAddress = { host: string; port: number };

const portDefault = 443;

/** Reads `smdp.example.com`, `localhost:8443`, `127.0.0.1:8443` or `[::1]:8443`. Throws `DeviceError` (`invalid_input`). */
export function readServerAddress(text: string): ServerAddress {
  const parts =
    /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?))(?::(\d{1,5}))?$/.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3] ?? portDefault);
  if (!host || port < 1 || port > 65535)
    throw new DeviceError(
      'invalid_input',
      `"${text}" is no server address like smdp.example.com or localhost:8443`,
    );
  return { host, port };
}

/** True for an IP address, which TLS cannot name in its greeting (RFC 6066 §3). */
export function isIpAddress(host: string): boolean {
  return isIP(host) !== 0;
}
