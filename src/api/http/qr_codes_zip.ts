// QR codes as one ZIP, made while it is sent: memory stays flat however many there are.
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { Zip, ZipPassThrough } from 'fflate';
import { qrPng } from '../../modules/activation/index.ts';
import { type Branding, findBrandingsOfEsims } from '../../modules/branding/index.ts';
import { activationCodeOf, type Esim } from '../../modules/esims/index.ts';
import type { Ctx } from './core.ts';

export type CodesToZip<Row extends { esim: Esim }> = {
  /** When the list was made. */
  at: Date;
  /** All of them, page by page; asked for twice, so that none has to be kept. */
  pages: () => AsyncIterable<readonly Row[]>;
  csv: { name: string; head: string; line: (row: Row) => string };
};

/** A stream of the archive: the list as CSV, then a picture `<ICCID>.png` for each eSIM that has a code. */
export function qrCodesZip<Row extends { esim: Esim }>(ctx: Ctx, codes: CodesToZip<Row>): Readable {
  return Readable.from(makeZip(ctx, codes), { objectMode: false });
}

// A picture takes 0.1 ms, one with a logo four times as long: other requests wait no longer than for these.
const picturesPerTurn = 20;
const brandedPerTurn = 4;

async function* makeZip<Row extends { esim: Esim }>(
  ctx: Ctx,
  { at, pages, csv }: CodesToZip<Row>,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  const list = addFile(zip, csv.name, at);
  list.push(Buffer.from(csv.head));
  for await (const page of pages()) {
    list.push(Buffer.from(page.map(csv.line).join('')));
    yield* ready.splice(0);
  }
  list.push(new Uint8Array(0), true);
  for await (const page of pages()) {
    const esims = page.map(({ esim }) => esim);
    const brandings = await findBrandingsOfEsims(ctx, esims);
    const perTurn = brandings.size === 0 ? picturesPerTurn : brandedPerTurn;
    for (const [index, esim] of esims.entries()) {
      addPicture(zip, esim, brandings.get(esim.brandingId ?? ''));
      if (index % perTurn === 0) await setImmediate();
      yield* ready.splice(0);
    }
  }
  zip.end();
  yield* ready;
}

function addPicture(zip: Zip, esim: Esim, branding: Branding | undefined): void {
  const code = activationCodeOf(esim);
  if (code !== null) addFile(zip, `${esim.iccid}.png`, esim.createdAt).push(qrPng(code, branding), true);
}

function addFile(zip: Zip, name: string, mtime: Date): ZipPassThrough {
  const file = new ZipPassThrough(name);
  file.mtime = mtime;
  zip.add(file);
  return file;
}
