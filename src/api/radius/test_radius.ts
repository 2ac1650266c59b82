// For tests: packets made by hand, and a client that hears what comes back.
import { createHash } from 'node:crypto';
import { createSocket, type SocketType } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export const secret = 'testing123';
/** Type and value; a value of text, bytes or an integer of 4 bytes. */
export type Attribute = [type: number, value: string | Buffer | number];

export function writeRequest(attributes: Attribute[], { id = 1, key = secret, code = 4 } = {}): Buffer {
  return sign(writeBlank(Buffer.concat(attributes.map(writeAttribute)), { id, code }), key);
}

/** Everything but the authenticator. */
export function writeBlank(attributes: Buffer, { id = 1, code = 4 } = {}): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(20), attributes]);
  bytes.writeUInt8(code, 0);
  bytes.writeUInt8(id, 1);
  bytes.writeUInt16BE(bytes.length, 2);
  return bytes;
}

/** Authenticates whatever it is given, however malformed. */
export function sign(bytes: Buffer, key = secret): Buffer {
  const signed = Buffer.from(bytes);
  signed.fill(0, 4, 20);
  createHash('md5').update(signed).update(key).digest().copy(signed, 4);
  return signed;
}

export function writeAttribute([type, value]: Attribute): Buffer {
  const bytes = typeof value === 'number' ? writeInteger(value) : Buffer.from(value);
  return Buffer.concat([Buffer.from([type, bytes.length + 2]), bytes]);
}

/** Attributes of 3GPP in one vendor-specific attribute. */
export function threeGpp(...attributes: Attribute[]): Attribute {
  return [26, Buffer.concat([writeInteger(10415), ...attributes.map(writeAttribute)])];
}

export function start(sessionId = 'session-1', ...more: Attribute[]): Attribute[] {
  return [[40, 1], [44, sessionId], [32, 'pgw-1'], threeGpp([1, '001010000000001']), ...more];
}

function writeInteger(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export type TestClient = {
  /** What came back, in order. */
  heard: Buffer[];
  send(bytes: Buffer): void;
  /** Waits until so many answers came. */
  until(count: number): Promise<void>;
  close(): void;
};

export async function createTestClient(to: { host: string; port: number }): Promise<TestClient> {
  const type: SocketType = to.host.includes(':') ? 'udp6' : 'udp4';
  const socket = createSocket(type);
  const heard: Buffer[] = [];
  socket.on('message', (bytes) => heard.push(bytes));
  socket.bind(0, to.host);
  await once(socket, 'listening');
  return {
    heard,
    send: (bytes) => socket.send(bytes, to.port, to.host),
    async until(count) {
      for (let tries = 0; heard.length < count; tries++) {
        if (tries >= 500) throw new Error(`${heard.length} answers within 5 seconds, not ${count}`);
        await sleep(10);
      }
    },
    close: () => socket.close(),
  };
}
