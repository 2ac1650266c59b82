// Bundles and their prices, from the core to the wire.
import {
  basePlaces,
  type FairUseLevel,
  type Place,
  type Product,
  placesOf,
  type SoldProduct,
} from '../../../modules/catalogue/index.ts';
import { writeAmount } from '../wire/amount.ts';

export function writeBundle({ product, amountMinor }: SoldProduct, currency: string) {
  return {
    name: product.name,
    description: product.description,
    groups: product.groups,
    countries: basePlaces(product).map(writePlace),
    dataAmount: writeMegabytes(product),
    duration: product.validityDays ?? 0,
    speed: product.speeds,
    autostart: product.autostart,
    unlimited: product.unlimited,
    roamingEnabled: placesOf(product).map(writePlace),
    imageUrl: '',
    price: writeAmount(amountMinor, currency),
    billingType: 'FixedCost',
    allowances: writeAllowances(product),
  };
}

/** `price` is that of the first piece; each tier holds from its quantity on. */
export function writePrice({ product, amountMinor, tiers }: SoldProduct, currency: string) {
  return {
    name: product.name,
    description: product.description,
    groups: product.groups,
    price: writeAmount(amountMinor, currency),
    currency,
    tiers: tiers.map((tier) => ({
      quantity: tier.fromQuantity,
      price: writeAmount(tier.amountMinor, currency),
    })),
  };
}

/** Whole megabytes of a million bytes; -1 for unlimited, as clients of the vendor test for it. */
export function writeMegabytes({ dataBytes, unlimited }: Pick<Product, 'dataBytes' | 'unlimited'>): number {
  return unlimited ? unlimitedAmount : megabytesOf(dataBytes ?? 0n);
}

/** What is in a bundle, each kind by itself: megabytes, minutes and messages. */
export function writeAllowances(product: Allowed) {
  const { dataBytes, unlimited, voiceSeconds, smsCount } = product;
  const minutes = Math.floor((voiceSeconds ?? 0) / 60);
  return [
    ...(unlimited || dataBytes !== null ? [dataAllowance(product)] : []),
    ...(voiceSeconds === null ? [] : [allowance('VOICE', minutes, 'MINS', `${minutes} minutes`)]),
    ...(smsCount === null ? [] : [allowance('SMS', smsCount, 'SMS', `${smsCount} messages`)]),
  ];
}

type Allowed = Pick<Product, 'dataBytes' | 'unlimited' | 'fairUse' | 'voiceSeconds' | 'smsCount'>;

const unlimitedAmount = -1;

function dataAllowance(product: Allowed) {
  const amount = writeMegabytes(product);
  if (!product.unlimited) return allowance('DATA', amount, 'MB', `${amount} MB`);
  const levels = (product.fairUse ?? []).map(writeLevel);
  return allowance('DATA', amount, 'MB', ['Unlimited', ...levels].join(', '));
}

function writeLevel({ afterBytes, speedKbps }: FairUseLevel): string {
  return `${speedKbps} kbps after ${megabytesOf(afterBytes)} MB a day`;
}

function allowance(type: 'DATA' | 'VOICE' | 'SMS', amount: number, unit: string, description: string) {
  return { type, service: 'ROAMING', description, amount, unit, unlimited: amount === unlimitedAmount };
}

function megabytesOf(bytes: bigint): number {
  return Number(bytes / 1_000_000n);
}

function writePlace({ name, region, code }: Place) {
  return { name, region, iso: code };
}
