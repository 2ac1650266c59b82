// Every change of a price raises the revision: orders priced before are refused, and every node reads the catalogue anew.
import type { Ctx } from '../../pg/ctx.ts';
import { notify } from '../../pg/listen.ts';
import { query } from '../../pg/query.ts';
import { forgetCatalogue, noteCatalogueChange } from './current_catalogue.ts';

/** Raises the revision, and tells it when the transaction commits. Call it in the `write` that changes a price. */
export async function raiseRevision(tx: Ctx): Promise<void> {
  noteCatalogueChange(tx);
  await query(tx.db, 'update catalogue.revision set revision = revision + 1');
  tx.afterCommit(() => forgetCatalogue(tx));
  await notify(tx, 'catalogue');
}
