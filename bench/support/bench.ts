// What every benchmark is: a function that measures and prints, under the same options.

export type Bench = (options: BenchOptions) => Promise<void>;

export type BenchOptions = {
  /** How often each thing is measured, interleaved with what it is compared with. */
  runs: number;
  /** Of one measurement. */
  seconds: number;
  /** The Node binaries to measure downloads with; the others run on the one that runs us. */
  nodes: readonly string[];
  /** Where to leave CPU profiles of the servers. */
  profileDir: string | undefined;
};
