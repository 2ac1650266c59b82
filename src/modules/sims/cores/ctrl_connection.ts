// One connection to a CTRL interface: each request gets its own answer or an error, never another's, and never waits long.
import { connect, type Socket } from 'node:net';
import { AppError } from '../../../base/app_error.ts';
import { assert } from '../../../base/assert.ts';
import { createCtrlReader, writeCtrlFrame } from './ctrl_frame.ts';

export type CtrlAddress = { host: string; port: number };

/** `ERROR` as the other side words it. The connection is as good as before. */
export class CtrlRefusal extends Error {
  override readonly name = 'CtrlRefusal';
}

export type CtrlRequest = { verb: 'GET' | 'SET'; variable: string; value?: string };

const waitingMax = 1000;
const keepAliveMs = 30_000;

/** Resolves when connected. Throws `unavailable`. */
export async function connectCtrl(
  address: CtrlAddress,
  timeoutMs: number,
  onClosed: (answered: boolean) => void,
): Promise<CtrlConnection> {
  const socket = connect({ ...address, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => socket.destroy(new Error('no connection in time')), timeoutMs);
  socket.once('connect', resolve);
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('closed')));
  try {
    await promise;
  } catch (cause) {
    throw new AppError('unavailable', 'The core cannot be reached.', { cause });
  } finally {
    clearTimeout(timer);
  }
  return new CtrlConnection(socket, timeoutMs, onClosed);
}

export class CtrlConnection {
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  readonly #read = createCtrlReader();
  /** By id, in the order in which they were asked. */
  readonly #waiting = new Map<string, Waiting>();
  #lastId = 0;
  #answered = false;

  constructor(socket: Socket, timeoutMs: number, onClosed: (answered: boolean) => void) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#failAll();
      onClosed(this.#answered);
    });
  }

  /** Gives the answer's value. Throws `CtrlRefusal` for an `ERROR`, `unavailable` when there is no answer in time. */
  request(request: CtrlRequest): Promise<string> {
    if (this.#socket.destroyed || !this.#socket.writable) return Promise.reject(lost());
    if (this.#waiting.size >= waitingMax)
      return Promise.reject(new AppError('unavailable', 'Too much waits for the core.'));
    this.#lastId = (this.#lastId % 0x7fffffff) + 1;
    const id = String(this.#lastId);
    const frame = writeCtrlFrame(writeRequest(id, request));
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    // What was asked first has waited longest: when that gets no answer, this connection gives none.
    const timer = setTimeout(() => this.close('The core did not answer in time.'), this.#timeoutMs);
    this.#waiting.set(id, { request, resolve, reject, timer });
    this.#socket.write(frame);
    return promise;
  }

  close(reason?: string): void {
    this.#failAll(reason);
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    const texts = this.#read(bytes);
    if (texts?.every((text) => this.#answer(text))) return;
    this.close('The core answered something that is not CTRL.');
  }

  /** False when it answers nothing that was asked. */
  #answer(text: string): boolean {
    const [, kind, id = '', rest = ''] =
      /^(GET_REPLY|SET_REPLY|ERROR|TRAP) (\d+|err) ?([\s\S]*)$/.exec(text) ?? [];
    if (kind === undefined) return false;
    if (kind === 'TRAP') return true;
    // A request that it could not read is answered without its id. It answers in order, so it is the oldest.
    const answered = id === 'err' ? this.#waiting.keys().next().value : id;
    const waiting = answered === undefined ? undefined : this.#waiting.get(answered);
    if (answered === undefined || waiting === undefined) return false;
    const settle = kind === 'ERROR' ? refuse(waiting, rest) : reply(waiting, kind, rest);
    if (settle === null) return false;
    clearTimeout(waiting.timer);
    this.#waiting.delete(answered);
    this.#answered = true;
    settle();
    return true;
  }

  #failAll(reason?: string): void {
    for (const { timer, reject } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(lost(reason));
    }
    this.#waiting.clear();
  }
}

type Waiting = {
  request: CtrlRequest;
  resolve: (value: string) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
};

function writeRequest(id: string, { verb, variable, value }: CtrlRequest): string {
  assert(/^[a-z0-9.-]+$/.test(variable), 'not a CTRL variable');
  assert(value === undefined || /^[A-Za-z0-9,]+$/.test(value), 'not a CTRL value');
  return value === undefined ? `${verb} ${id} ${variable}` : `${verb} ${id} ${variable} ${value}`;
}

function refuse({ reject }: Waiting, text: string): () => void {
  return () => reject(new CtrlRefusal(text.replace(/[^ -~]/g, ' ').slice(0, 200)));
}

/** Null when it is the answer to another question. */
function reply({ request, resolve }: Waiting, kind: string, rest: string): (() => void) | null {
  const [variable] = rest.split(' ', 1);
  if (kind !== `${request.verb}_REPLY` || variable !== request.variable) return null;
  return () => resolve(rest.slice(variable.length + 1));
}

function lost(reason = 'The connection to the core was lost.'): AppError {
  return new AppError('unavailable', reason);
}
