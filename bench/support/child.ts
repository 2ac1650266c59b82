// A process of its own for each part that is measured, asked questions over Node's channel between processes.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Child<Question, Answer> = {
  pid: number;
  ask(question: Question): Promise<Answer>;
  stop(): Promise<void>;
};

export type ChildOptions = { node?: string; nodeOptions?: readonly string[]; args?: readonly string[] };

/** Starts the file `name` of this folder; it answers with `answerParent`. One question at a time. */
export function startChild<Question, Answer>(
  name: string,
  { node = process.execPath, nodeOptions = [], args = [] }: ChildOptions = {},
): Child<Question, Answer> {
  const child = fork(fileURLToPath(new URL(name, import.meta.url)), args, {
    execPath: node,
    execArgv: ['--disable-warning=ExperimentalWarning', ...nodeOptions],
    serialization: 'advanced',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    async ask(question) {
      child.send(question as object);
      const answer = await Promise.race([once<Answered<Answer>>(child), ended]);
      if (!answer) throw new Error(`${name} ended instead of answering`);
      if ('error' in answer) throw new Error(`${name}: ${answer.error}`);
      return answer.answer;
    },
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}

type Answered<Answer> = { answer: Answer } | { error: string };

function once<T>(child: ReturnType<typeof fork>): Promise<T> {
  return new Promise((resolve) => child.once('message', (message) => resolve(message as T)));
}

/** In the child: answers each question with what `answer` gives. */
export function answerParent<Question, Answer>(answer: (question: Question) => Promise<Answer>): void {
  process.on('message', (question: Question) => {
    answer(question).then(
      (value) => process.send?.({ answer: value }),
      (error: unknown) => process.send?.({ error: String((error as Error).stack ?? error) }),
    );
  });
  process.on('disconnect', () => process.exit());
}
