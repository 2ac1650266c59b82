// What a process used, as Linux counts it: CPU time and memory.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** CPU time of all threads of `pid` so far, in steps of 10 ms. */
export function cpuMsOf(pid: number): number {
  return readStat(pid).cpuMs;
}

/** CPU time of the processes whose parent is `pid`, those that ended included: the backends of a postmaster. */
export function cpuMsOfChildren(pid: number): number {
  const living = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => tryToReadStat(Number(name)))
    .filter((stat) => stat?.parent === pid)
    .reduce((sum, stat) => sum + (stat?.cpuMs ?? 0), 0);
  return living + readStat(pid).endedChildrenMs;
}

export function parentOf(pid: number): number {
  return readStat(pid).parent;
}

/** Resident memory now, and the most since the last `forgetMemoryPeak`. */
export function memoryOf(pid: number): { residentMb: number; peakMb: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  return { residentMb: mb('VmRSS'), peakMb: mb('VmHWM') };
}

export function forgetMemoryPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

type Stat = { parent: number; cpuMs: number; endedChildrenMs: number };

const msPerTick = 10;

/** The fields after the name in parentheses, which may hold anything (proc_pid_stat(5)). */
function readStat(pid: number): Stat {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const field = (number: number) => fields[number - 3] ?? 0;
  return {
    parent: field(4),
    cpuMs: (field(14) + field(15)) * msPerTick,
    endedChildrenMs: (field(16) + field(17)) * msPerTick,
  };
}

/** A process may end while the list is read. */
function tryToReadStat(pid: number): Stat | undefined {
  try {
    return readStat(pid);
  } catch {
    return undefined;
  }
}
