// The organisation and its money, from the core to the wire.
import { minorDigits } from '../../../base/money.ts';
import type { Credential, OrganisationDetails } from '../../../modules/accounts/index.ts';
import type { ProductGroup } from '../../../modules/catalogue/index.ts';
import type { ToppedUp, Wallet } from '../../../modules/ledger/index.ts';

/** What the account has not told is empty text. All money of a sandbox is test credit, which does not expire. */
export function writeOrganisation({
  account,
  details,
  wallet,
  secretHint,
  groups,
  callbackUrl,
}: Organisation) {
  const balance = wholeUnits(wallet.availableMinor, account.currency);
  return {
    name: account.name,
    apiKey: `****${secretHint}`,
    taxLiable: '',
    addr1: '',
    addr2: '',
    city: '',
    country: '',
    postcode: '',
    notes: '',
    businessType: '',
    website: '',
    productDescription: '',
    ...details,
    callbackUrl,
    groups: groups.map(({ name }) => name),
    currency: account.currency,
    balance,
    testCredit: account.kind === 'sandbox' ? balance : 0,
    users: [],
  };
}

type Organisation = {
  account: Pick<Credential['account'], 'name' | 'kind' | 'currency'>;
  details: OrganisationDetails;
  wallet: Wallet;
  /** The last characters of the key that asks. */
  secretHint: string;
  groups: readonly ProductGroup[];
  callbackUrl: string;
};

export function writeTopUp(amount: number, { wallet, number }: ToppedUp) {
  return { amount, balance: wholeUnits(wallet.availableMinor, wallet.currency), ref: Number(number) };
}

/** `address` is what paths of this door are put behind. */
export function writeGroup({ name, bundles }: ProductGroup, address: string) {
  return {
    name,
    desc: bundles === 1 ? '1 bundle' : `${bundles} bundles`,
    priceListUrl: `${address}/catalogue/prices?group=${encodeURIComponent(name)}`,
  };
}

/** The document calls a balance an integer, and typed clients read nothing else: it is never more than there is. */
function wholeUnits(amountMinor: bigint, currency: string): number {
  return Number(amountMinor / 10n ** BigInt(minorDigits(currency)));
}
