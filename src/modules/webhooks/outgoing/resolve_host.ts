// Host names to addresses; one question for all who ask for the same name, and few at once.
import { lookup } from 'node:dns/promises';

export type Resolve = (hostname: string) => Promise<HostAddress[]>;
export type HostAddress = { address: string; family: number };

/**
 * Resolves as the system does. getaddrinfo holds one of the four threads that files and cryptography need too, and a
 * dead name server holds it for seconds: so at most `atOnceMax` names are asked for at the same time.
 */
export function systemResolve(ask: Resolve = askSystem): Resolve {
  const asked = new Map<string, Promise<HostAddress[]>>();
  const waiting: (() => void)[] = [];
  let atOnce = 0;

  async function askInTurn(hostname: string): Promise<HostAddress[]> {
    if (atOnce >= atOnceMax) await new Promise<void>((resolve) => void waiting.push(resolve));
    atOnce++;
    try {
      return await ask(hostname);
    } finally {
      atOnce--;
      asked.delete(hostname);
      waiting.shift()?.();
    }
  }

  return (hostname) => {
    const answer = asked.get(hostname) ?? askInTurn(hostname);
    asked.set(hostname, answer);
    return answer;
  };
}

const atOnceMax = 2;

function askSystem(hostname: string): Promise<HostAddress[]> {
  return lookup(hostname, { all: true });
}
