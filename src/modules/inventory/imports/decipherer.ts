// The transport key of an import as it was when the file came, sealed for that import until it has ended.
import type { Ctx } from '../../../pg/ctx.ts';
import type { OpenedTransportKey } from '../transport_keys/put_transport_key.ts';
import { type OpenKey, openKey, type TransportAlgorithm } from '../transport_keys/transport_key.ts';

export function sealDecipherer(ctx: Ctx, importId: string, { algorithm, key }: OpenedTransportKey): Buffer {
  const text = JSON.stringify({ algorithm, key: Buffer.from(key).toString('hex') });
  return ctx.vault.seal(Buffer.from(text), belongsTo(importId));
}

export function openDecipherer(ctx: Ctx, importId: string, sealed: Uint8Array): OpenKey {
  const opened: { algorithm: TransportAlgorithm; key: string } = JSON.parse(
    ctx.vault.open(sealed, belongsTo(importId)).toString(),
  );
  return openKey(opened.algorithm, Buffer.from(opened.key, 'hex'));
}

function belongsTo(importId: string): string {
  return `${importId} transport key`;
}
