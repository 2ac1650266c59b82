// The command line: finds the command, runs it, and turns its failure into words and an exit code.
import { AppError } from '../base/app_error.ts';

type Command = { summary: string; load: () => Promise<(args: string[]) => Promise<void>> };

// Each command is loaded only when it is called: `overair config` needs no database driver.
const commands: Record<string, Command> = {
  serve: { summary: 'run the platform', load: async () => (await import('./serve.ts')).serveCommand },
  demo: {
    summary: 'order an eSIM and install it on a virtual device, step by step',
    load: async () => (await import('./demo.ts')).demoCommand,
  },
  sandbox: {
    summary: 'make the sandbox account, and print its URLs and credentials',
    load: async () => (await import('./sandbox.ts')).sandboxCommand,
  },
  device: {
    summary: 'a virtual device: download, list, enable, disable, delete',
    load: async () => (await import('./device.ts')).deviceCommand,
  },
  network: {
    summary: 'a simulated network for the virtual device: attach, use data, roam, messages',
    load: async () => (await import('./network.ts')).networkCommand,
  },
  profiles: {
    summary: 'profiles in the SM-DP+: why one does not install, and what puts it right',
    load: async () => (await import('./profiles.ts')).profilesCommand,
  },
  stock: {
    summary: 'add SIM profiles from a file',
    load: async () => (await import('./stock.ts')).stockCommand,
  },
  packages: {
    summary: 'say what is wrong with a profile package',
    load: async () => (await import('./packages.ts')).packagesCommand,
  },
  requesters: {
    summary: 'who may order profiles over ES2+',
    load: async () => (await import('./requesters.ts')).requestersCommand,
  },
  webhooks: {
    summary: 'print the events of an account as they happen, verified',
    load: async () => (await import('./webhooks.ts')).webhooksCommand,
  },
  account: {
    summary: 'create an account with an API key, or list the accounts',
    load: async () => (await import('./account.ts')).accountCommand,
  },
  config: {
    summary: 'list all settings with their defaults',
    load: async () => (await import('./config.ts')).configCommand,
  },
};

async function main([name = 'help', ...args]: string[]): Promise<void> {
  const command = commands[name];
  if (command === undefined) {
    help(name);
    return;
  }
  const run = await command.load();
  await run(args);
}

function help(name: string): void {
  const known = ['help', '--help', '-h'].includes(name);
  const lines = Object.entries(commands).map(
    ([each, { summary }]) => `  overair ${each.padEnd(10)} ${summary}`,
  );
  const text = [
    'Overair: self-hosted eSIM provisioning.',
    '',
    ...lines,
    '',
    'Each command takes --help.',
  ].join('\n');
  if (known) {
    console.log(text);
  } else {
    console.error(`There is no command ${JSON.stringify(name)}.\n\n${text}`);
    process.exitCode = 1;
  }
}

function fail(error: unknown): never {
  if (error instanceof AppError) console.error(error.detail);
  else if (isUsageError(error)) console.error(error.message);
  else console.error(error);
  process.exit(1);
}

function isUsageError(error: unknown): error is Error {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  fail(error);
}
