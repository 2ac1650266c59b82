// A node that only tells: it passes on the outbox and delivers, in a process of its own.
import { readConfig } from '../../src/main/config.ts';
import { createLog } from '../../src/main/log.ts';
import { openInstallation } from '../../src/main/open_installation.ts';
import { createDeliveryDesk, createOutgoing, startWebhooks } from '../../src/modules/webhooks/index.ts';
import { systemCtx } from '../../src/pg/ctx.ts';
import { answerParent } from './child.ts';

export type WebhookNodeQuestion = { dataDir: string };

answerParent(async ({ dataDir }: WebhookNodeQuestion): Promise<true> => {
  const config = readConfig({ OVERAIR_DATA_DIR: dataDir, OVERAIR_LOG_LEVEL: 'warn' });
  const installation = await openInstallation(config, createLog(config.logLevel));
  const { database, log } = installation;
  const outgoing = createOutgoing({ allowedNetworks: ['127.0.0.0/8'] });
  const loops = startWebhooks({
    desk: createDeliveryDesk({ outgoing }),
    ctx: () => systemCtx(database, installation),
    relaxedCtx: () => systemCtx({ kysely: database.relaxed }, installation),
    log,
  });
  const stop = async () => {
    await loops.stop();
    outgoing.close();
    await installation.close();
  };
  process.on('SIGTERM', () => void stop().then(() => process.exit()));
  return true;
});
