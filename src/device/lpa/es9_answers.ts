// The members of ES9+ answers (SGP.22 §6.5.2), read strictly: what is missing or no base64 makes the server misbehave.
import { AppError } from '../../base/app_error.ts';
import { fromBase64 } from '../../base/bytes.ts';
import { DeviceError } from '../device_error.ts';
import type { Es9Body } from './es9_client.ts';

/** The bytes of a base64 member. Throws `DeviceError` (`server_misbehaved`). */
export function bytesIn(body: Es9Body, name: string): Uint8Array {
  return readAnswer(name, () => fromBase64(textIn(body, name)));
}

export function textIn(body: Es9Body, name: string): string {
  const value = body[name];
  if (typeof value !== 'string')
    throw new DeviceError('server_misbehaved', `The answer has no member ${name}.`);
  return value;
}

/** What `read` gives; data that is malformed makes the server misbehave. Throws `DeviceError` (`server_misbehaved`). */
export function readAnswer<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new DeviceError('server_misbehaved', `The member ${name} is malformed: ${cause.detail}`, { cause });
  }
}
