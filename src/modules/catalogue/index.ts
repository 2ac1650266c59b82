// Catalogue: what is sold, where it works, and what it costs in each currency.
// Owns: catalogue.products, catalogue.prices, catalogue.price_lists, catalogue.list_prices, catalogue.account_price_lists,
// catalogue.revision.
// Invariants: a product's name is exact and unique; an account with a price list pays its prices for the products that
// are in it, and the catalogue's for all others; every change raises the revision, so that a price held in memory is never
// charged after it changed.

export type { Buyer, SoldProduct } from './account_bundles.ts';
export { type AccountPrices, accountPrices } from './account_prices.ts';
export { assignPriceList } from './assign_price_list.ts';
export { type BundleOrder, bundleOrders } from './bundle_index.ts';
export { basePlaces, type Place, placesOf } from './bundle_places.ts';
export { type Country, countries, countryByCode, isCountryCode } from './countries.ts';
export {
  type Catalogue,
  catalogueWith,
  currentCatalogue,
  forgetCatalogue,
  refreshCatalogue,
} from './current_catalogue.ts';
export { findPriceListOf, getPriceList, listPriceLists } from './find_price_lists.ts';
export { getProduct, listProducts, type ProductFilter } from './find_products.ts';
export {
  getSoldBundle,
  listProductGroups,
  otherSpelling,
  type ProductGroup,
} from './find_sold_products.ts';
export { listNetworks, type NetworkFilter } from './list_networks.ts';
export {
  countryOfMcc,
  type Network,
  networkByCode,
  networkById,
  networks,
  type Technology,
} from './networks.ts';
export { type ListPrice, type PriceList, type PriceListHead, type PriceTier, priceAt } from './price_list.ts';
export type { FairUseLevel, Product } from './product.ts';
export { readLevel, type StoredLevel, storeLevel } from './product_row.ts';
export { type NewPriceList, pricesPerListMax, putPriceList } from './put_price_list.ts';
export { type NewProduct, putProducts } from './put_products.ts';
export {
  type FoundProducts,
  type ProductCriteria,
  type ProductSearch,
  searchProducts,
} from './search_products.ts';
export { travelBundles } from './travel_bundles.ts';
