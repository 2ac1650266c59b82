// For tests: a socket that speaks as much of MongoDB's wire protocol as the driver needs to use a test collection.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { BSON } from 'mongodb';
import type { SubscriberCollection } from './open5gs_collection.ts';

export type TestMongoServer = { port: number; commands: BSON.Document[]; close(): void };

const opReply = 1;
const opQuery = 2004;
const opMsg = 2013;
const headerBytes = 16;

/** Serves `subscribers` under any name; `commands` are those that are not about the connection. */
export async function serveTestMongo(subscribers: SubscriberCollection): Promise<TestMongoServer> {
  const commands: BSON.Document[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', async (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= headerBytes && rest.length >= rest.readInt32LE(0)) {
        const message = rest.subarray(0, rest.readInt32LE(0));
        rest = rest.subarray(message.length);
        const command = readCommand(message);
        if ('find' in command || 'update' in command || 'delete' in command) commands.push(command);
        socket.write(writeAnswer(message, { ok: 1, ...(await run(subscribers, command)) }));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    commands,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function run(subscribers: SubscriberCollection, command: BSON.Document): Promise<BSON.Document> {
  if ('find' in command) {
    const found = await subscribers.findOne(command['filter']);
    return { cursor: { id: BSON.Long.ZERO, ns: `x.${command['find']}`, firstBatch: found ? [found] : [] } };
  }
  if ('update' in command) {
    const [{ q, u, upsert }] = command['updates'];
    await subscribers.updateOne(q, u, { upsert });
    return { n: 1, nModified: 1 };
  }
  if ('delete' in command) {
    await subscribers.deleteOne(command['deletes'][0].q);
    return { n: 1 };
  }
  return { isWritablePrimary: true, ismaster: true, helloOk: true, minWireVersion: 0, maxWireVersion: 21 };
}

function readCommand(message: Buffer): BSON.Document {
  const read = (bytes: Buffer) => BSON.deserialize(bytes, { promoteValues: false });
  if (message.readInt32LE(12) === opQuery) return read(message.subarray(message.indexOf(0, 20) + 9));
  const command: BSON.Document = {};
  for (let at = headerBytes + 4; at < message.length; ) {
    const kind = message[at++];
    const size = message.readInt32LE(at);
    const section = message.subarray(at, at + size);
    at += size;
    if (kind === 0) Object.assign(command, read(section));
    else {
      const nameEnd = section.indexOf(0, 4);
      // The tests send one document at a time.
      command[section.toString('latin1', 4, nameEnd)] = [read(section.subarray(nameEnd + 1))];
    }
  }
  return command;
}

function writeAnswer(request: Buffer, document: BSON.Document): Buffer {
  const old = request.readInt32LE(12) === opQuery;
  const prefix = Buffer.alloc(old ? 20 : 5);
  if (old) prefix.writeInt32LE(1, 16);
  const body = Buffer.concat([prefix, BSON.serialize(document)]);
  const header = Buffer.alloc(headerBytes);
  header.writeInt32LE(headerBytes + body.length, 0);
  header.writeInt32LE(request.readInt32LE(4), 8);
  header.writeInt32LE(old ? opReply : opMsg, 12);
  return Buffer.concat([header, body]);
}
