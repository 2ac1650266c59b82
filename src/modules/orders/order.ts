// An order: its lines as they were priced, and how far it has come.
import { type Id, idPrefixes } from '../../base/ids.ts';

export type OrderStatus = 'accepted' | 'fulfilling' | 'completed' | 'failed' | 'cancelled';

export type Order = {
  id: Id<'order'>;
  accountId: string;
  status: OrderStatus;
  lines: OrderLine[];
  /** Whom it is for, by the id of a customer; null for nobody in particular. */
  customerId: string | null;
  /** The device it is meant for, as whoever ordered said. */
  device: OrderDevice | null;
  /** eSIMs, top-ups, bundles with new eSIMs and unassigned ones over all lines. */
  quantity: number;
  /** How many of them are done. */
  fulfilled: number;
  totalMinor: bigint;
  currency: string;
  reference: string | null;
  failure: { code: string; detail: string } | null;
  requestId: string;
  createdAt: Date;
  endedAt: Date | null;
};

export type OrderDevice = { id: string; type: string; make?: string; model?: string };

/** What a line is asked for with. */
export type OrderLineInput = {
  product: string;
  /** New eSIMs: how many. Left out with `esims` and `withLine`. */
  quantity?: number;
  /** The bundles go onto the new eSIMs of this line, which stands before in the same request: its index, from 0. */
  withLine?: number;
  /** eSIMs to top up, by id or ICCID. */
  esims?: readonly string[];
  delivery?: Delivery;
  eid?: string;
  confirmationCode?: string;
  /** False: bundles for the account's inventory, on no eSIM yet. */
  assign?: boolean;
  /** When the bundles start: from now to a year ahead. Left out for as the product says. */
  activatesAt?: Date;
  /** Until when new eSIMs may be downloaded: from now to a year ahead. Left out for no end. */
  downloadBy?: Date;
  /** True: of `esims`, those that the bundle cannot be used on are replaced by new ones, instead of refusing the order. */
  allowReassign?: boolean;
  /** True: the bundles are taken from the account's inventory, those that expire first first, and cost nothing more. */
  fromInventory?: boolean;
  /** Of new eSIMs, by id or name; null for none. Left out for the account's default. */
  branding?: string | null;
};

export type OrderLine = {
  product: string;
  quantity: number;
  unitPriceMinor: bigint;
  totalMinor: bigint;
  /** Ids of the eSIMs that are topped up; null when the line is for new ones, or goes with another. */
  esimIds: string[] | null;
  /** Its bundles go onto the new eSIMs of the line whose `requestLine` this is, one onto each; null for any other line. */
  withLine: number | null;
  /** What its new eSIMs are made from; null for what the product says. */
  profileType: string | null;
  /**
   * How a new eSIM reaches its device: by a code, because the device asks its default SM-DP+, or by an SM-DS that tells
   * the device, where the code works as well.
   */
  delivery: Delivery;
  /** The only eUICC that may download the new eSIM. */
  eid: string | null;
  /** SHA-256 of the confirmation code, sealed by the vault for `order line`, base64. */
  sealedConfirmationCode: string | null;
  /** The code itself, sealed alike, where a remote SM-DP+ has to check it. */
  remoteConfirmationCode: string | null;
  /** False for bundles that go to the account's inventory, to be assigned later. */
  assign: boolean;
  /** When the bundles start; null for as the product says. */
  activatesAt: Date | null;
  /** Until when the new eSIMs may be downloaded; null for no end. */
  downloadBy: Date | null;
  /** Whether its quantity is in the account's volume, and comes off again unless the order completes. */
  counted: boolean;
  /** Which line of the request it came from: two come from one when some of its eSIMs were replaced by new ones. */
  requestLine: number;
  allowReassign: boolean;
  /** Whether its bundles are of the inventory: they cost nothing now, and go back there unless the order completes. */
  fromInventory: boolean;
  /** Where they were taken, in the order of the line's eSIMs; empty when they were bought, and in a quote. */
  lots: readonly LotShare[];
  /** Of its new eSIMs; null for none, undefined for the default that the account has when they are made. */
  brandingId: string | null | undefined;
};

/** So many bundles of one lot. */
export type LotShare = { lotId: Id<'bundleLot'>; quantity: number };

export type Delivery = 'activation_code' | 'default_smdp' | 'smds';

/** What an order may become from each status. Nothing leaves the last three. */
export const orderMoves: Record<OrderStatus, readonly OrderStatus[]> = {
  accepted: ['fulfilling', 'completed', 'failed', 'cancelled'],
  fulfilling: ['completed', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
};

/** Whether each piece of the line is a new eSIM. */
export function makesEsims({
  assign,
  esimIds,
  withLine,
}: Pick<OrderLine, 'assign' | 'esimIds' | 'withLine'>): boolean {
  return assign && esimIds === null && withLine === null;
}

/**
 * The id of the eSIM that an order of one new eSIM, with whatever bundles on it, is for, known before there is one; null
 * for any other order. Orders placed before ids were given ahead have an eSIM of another id.
 */
export function esimIdOf({ id, lines }: Pick<Order, 'id' | 'lines'>): Id<'esim'> | null {
  const [first, ...others] = lines;
  if (first?.quantity !== 1 || !makesEsims(first)) return null;
  if (others.some(({ withLine }) => withLine === null)) return null;
  return `${idPrefixes.esim}${id.slice(idPrefixes.order.length)}` as Id<'esim'>;
}

/** What events of an order that ends without an eSIM tell of the one it was for. */
export function esimMember(order: Order): { esimId?: Id<'esim'> } {
  const esimId = esimIdOf(order);
  return esimId === null ? {} : { esimId };
}

/** What a line's sealed confirmation code belongs to, for the vault. */
export const confirmationCodeOwner = 'order line';
