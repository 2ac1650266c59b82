// The timeline of a procedure: every step by name, with what it took and what came of it.

export type TimelineEntry = { step: string; ms: number; detail: string };

export type OnStep = (entry: TimelineEntry) => void;

/** Runs one step and reports it, a failed one too; the error goes on. */
export type RunStep = <T>(
  step: string,
  run: () => T | Promise<T>,
  describe?: (result: T) => string,
) => Promise<T>;

export function createStepRunner(onStep: OnStep = () => {}): RunStep {
  return async (step, run, describe = () => '') => {
    const startedAt = performance.now();
    const report = (detail: string) => onStep({ step, ms: performance.now() - startedAt, detail });
    try {
      const result = await run();
      report(describe(result));
      return result;
    } catch (error) {
      report(`failed: ${error instanceof Error ? error.message : String(error)}`);
      throw error;
    }
  };
}
