// For tests: a node that only tells, in a process that can be killed. Its argument is the connection string.
import { silentLog } from '../../base/log.ts';
import { createVault } from '../../base/vault.ts';
import { systemCtx } from '../../pg/ctx.ts';
import { openDatabase } from '../../pg/database.ts';
import { createDeliveryDesk } from './delivery/delivery_desk.ts';
import { createOutgoing } from './outgoing/send_request.ts';
import { startWebhooks } from './start_webhooks.ts';

const database = await openDatabase({ connectionString: process.argv[2] ?? '' });
// The key of `testCtx`.
const parts = { vault: createVault([{ id: 1, key: Buffer.alloc(32, 7) }]), log: silentLog };
startWebhooks({
  desk: createDeliveryDesk({ outgoing: createOutgoing({ allowedNetworks: ['127.0.0.0/8'] }) }),
  ctx: () => systemCtx(database, parts),
  relaxedCtx: () => systemCtx({ kysely: database.relaxed }, parts),
  log: silentLog,
});
