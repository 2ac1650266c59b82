// The form of an order line: what may be asked for together, and what not.
import { AppError } from '../../base/app_error.ts';
import { isEid, isMaskedEid } from '../../base/digits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { Product } from '../catalogue/index.ts';
import type { OrderLineInput } from './order.ts';
import { quantityOf } from './pricing.ts';

/** Throws `invalid_request` naming the first field that cannot be. `at` is the line's place in the input. */
export function checkLineForm(ctx: Ctx, of: LineToCheck): void {
  const { line, product, at, allowMaskedEid } = of;
  const rules = [
    ...(line.esims === undefined ? newRules(line, allowMaskedEid) : topUpRules(line)),
    ...(line.withLine === undefined ? [] : withLineRules(of)),
    ...bundleRules(ctx, line, product),
  ];
  const broken = rules.find(([holds]) => !holds);
  if (broken) throw fault(`${at}.${broken[1]}`, broken[2]);
}

type LineToCheck = {
  line: OrderLineInput;
  product: Product;
  at: string;
  allowMaskedEid: boolean;
  /** The line that its `withLine` names, if it is one that makes eSIMs. */
  esimsOf: OrderLineInput | undefined;
};

export function fault(field: string, detail: string): AppError {
  return new AppError('invalid_request', `${field}: ${detail}.`, { fields: [{ field, detail }] });
}

type Rule = [holds: boolean, field: string, detail: string];

const yearMs = 366 * 86_400_000;

function topUpRules(line: OrderLineInput): Rule[] {
  return [
    [line.esims?.length !== 0, 'esims', 'give at least one eSIM, or leave it out for new ones'],
    [
      line.quantity === undefined || line.quantity === line.esims?.length,
      'quantity',
      'leave it out, or give the number of esims',
    ],
    [
      (line.eid ?? line.confirmationCode ?? line.delivery ?? line.downloadBy) === undefined,
      'esims',
      'eid, confirmationCode, delivery and downloadBy are for new eSIMs only',
    ],
    [line.assign !== false, 'assign', 'leave it out: these bundles are for the eSIMs given'],
    [
      line.branding === undefined || line.allowReassign === true,
      'branding',
      'only new eSIMs are made with one',
    ],
  ];
}

function newRules(line: OrderLineInput, allowMaskedEid: boolean): Rule[] {
  const { eid } = line;
  return [
    [
      line.quantity === undefined || (Number.isSafeInteger(line.quantity) && line.quantity > 0),
      'quantity',
      'give a whole number from 1',
    ],
    [
      eid === undefined || isEid(eid) || (allowMaskedEid && isMaskedEid(eid)),
      'eid',
      'give 32 digits with valid check digits',
    ],
    [
      eid === undefined || (line.quantity ?? 1) === 1,
      'eid',
      'an eSIM for a given eUICC is ordered one by one',
    ],
    [
      line.delivery !== 'default_smdp' || eid !== undefined,
      'eid',
      'needed for delivery through the default SM-DP+',
    ],
    [line.delivery !== 'smds' || eid !== undefined, 'eid', 'needed for delivery through an SM-DS'],
    [
      line.confirmationCode === undefined || /^\d{4,16}$/.test(line.confirmationCode),
      'confirmationCode',
      'give 4 to 16 digits',
    ],
  ];
}

function withLineRules({ line, product, esimsOf }: LineToCheck): Rule[] {
  const own = line.eid ?? line.confirmationCode ?? line.delivery ?? line.downloadBy ?? line.branding;
  return [
    [
      esimsOf !== undefined,
      'withLine',
      'give the index, from 0, of a line before this one that makes new eSIMs',
    ],
    [
      line.esims === undefined,
      'esims',
      'leave it out: these bundles go onto the new eSIMs of the other line',
    ],
    [
      esimsOf === undefined || line.quantity === quantityOf(esimsOf),
      'quantity',
      'leave it out, or give that of the other line: there is one bundle for each of its eSIMs',
    ],
    [product.kind === 'bundle', 'product', 'give a bundle: an eSIM cannot be added to one'],
    [line.assign !== false, 'assign', 'leave it out: these bundles are for the eSIMs of the other line'],
    [
      own === undefined,
      'withLine',
      'eid, confirmationCode, delivery, downloadBy and branding are said on the line of the eSIMs',
    ],
    [line.allowReassign !== true, 'allowReassign', 'only given eSIMs are replaced'],
  ];
}

function bundleRules(ctx: Ctx, line: OrderLineInput, product: Product): Rule[] {
  const { assign = true, activatesAt, downloadBy, fromInventory = false } = line;
  const isBundle = product.kind === 'bundle';
  return [
    [assign || isBundle, 'assign', 'only bundles can stay unassigned'],
    [assign || line.branding === undefined, 'branding', 'only new eSIMs are made with one'],
    [isBundle || !fromInventory, 'fromInventory', 'only bundles are in the inventory'],
    [assign || !fromInventory, 'fromInventory', 'bundles of the inventory are taken to be assigned'],
    [
      assign ||
        (line.eid ?? line.confirmationCode ?? line.delivery ?? activatesAt ?? downloadBy) === undefined,
      'assign',
      'eid, confirmationCode, delivery, activatesAt and downloadBy are for bundles that are assigned',
    ],
    [activatesAt === undefined || isBundle, 'activatesAt', 'only bundles are activated'],
    [isWithinYear(ctx, activatesAt), 'activatesAt', 'give a time from now to a year ahead'],
    [isWithinYear(ctx, downloadBy), 'downloadBy', 'give a time from now to a year ahead'],
  ];
}

function isWithinYear({ now }: Ctx, time: Date = now): boolean {
  return time >= now && time.getTime() <= now.getTime() + yearMs;
}
