// Asks over one CTRL connection that is made when needed and comes back by itself, with growing waits while it fails.
import { AppError } from '../../../base/app_error.ts';
import { type CtrlAddress, type CtrlConnection, type CtrlRequest, connectCtrl } from './ctrl_connection.ts';

export type CtrlClient = {
  /** Gives the answer's value. Throws `CtrlRefusal` for an `ERROR` and `unavailable` when there is no answer. */
  request(request: CtrlRequest): Promise<string>;
  close(): void;
};

const timeoutMsDefault = 3000;
const pauseMsMin = 100;
const pauseMsMax = 5000;

export function openCtrlClient(address: CtrlAddress, timeoutMs = timeoutMsDefault): CtrlClient {
  const pause = createPause();
  let connection: Promise<CtrlConnection> | undefined;
  let closed = false;

  const forget = (answered: boolean) => {
    connection = undefined;
    if (closed) return;
    if (answered) pause.reset();
    else pause.start();
  };
  const reach = (): Promise<CtrlConnection> => {
    if (closed || pause.on())
      return Promise.reject(new AppError('unavailable', 'The core cannot be reached.'));
    connection ??= connectCtrl(address, timeoutMs, forget).catch((error: unknown) => {
      forget(false);
      throw error;
    });
    return connection;
  };

  return {
    request: async (request) => (await reach()).request(request),
    close() {
      closed = true;
      pause.reset();
      connection?.then((open) => open.close('The core is closed.')).catch(() => {});
    },
  };
}

/** A wait that doubles each time until it is reset. */
function createPause() {
  let timer: NodeJS.Timeout | undefined;
  let ms = pauseMsMin;
  const clear = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    on: () => timer !== undefined,
    start() {
      clear();
      timer = setTimeout(clear, ms).unref();
      ms = Math.min(ms * 2, pauseMsMax);
    },
    reset() {
      clear();
      ms = pauseMsMin;
    },
  };
}
