// `npm run fuzz -- --messages 200000 --seed 1`: prints what was sent and answered, and fails when anything was found.
import { parseArgs } from 'node:util';
import { runFuzz } from './run_fuzz.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '200000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    database: { type: 'string' },
  },
});
const { messages, seed, database } = values;
console.log(`seed ${seed}`);
const report = await runFuzz({
  messages: Number(messages),
  seed: Number(seed),
  ...(database !== undefined && { databaseUrl: database }),
  onProgress: (line) => console.log(line),
});

for (const [what, count] of [...report.counts].toSorted())
  console.log(`${String(count).padStart(8)}  ${what}`);
const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
const { warm, end } = report.memory;
console.log(`${report.messages} messages, ${Math.round(report.messagesPerSecond)} a second, seed ${seed}`);
console.log(
  `memory: ${megabytes(warm.rssBytes)} (heap ${megabytes(warm.heapBytes)}) after a fifth, ${megabytes(end.rssBytes)} (heap ${megabytes(end.heapBytes)}) at the end`,
);
for (const fault of report.faults) console.log(`FAULT ${fault}\n`);
console.log(report.faults.length === 0 ? 'nothing was found' : `${report.faults.length} faults`);
process.exitCode = report.faults.length === 0 ? 0 : 1;
