// Catalogue: what is sold, where it works, and what it costs in each currency.
// Owns: catalogue.products, catalogue.prices, catalogue.revision.
// Invariants: a product's name is exact and unique; every change raises the revision, so that a price held in memory
// is never charged after it changed.
export { type Country, countries, countryByCode, isCountryCode } from './countries.ts';
export {
  type Catalogue,
  catalogueWith,
  currentCatalogue,
  forgetCatalogue,
  refreshCatalogue,
} from './current_catalogue.ts';
export { getProduct, listProducts, type ProductFilter } from './find_products.ts';
export { listNetworks, type NetworkFilter } from './list_networks.ts';
export {
  countryOfMcc,
  type Network,
  networkByCode,
  networkById,
  networks,
  type Technology,
} from './networks.ts';
export type { FairUseLevel, Product } from './product.ts';
export { readLevel, type StoredLevel, storeLevel } from './product_row.ts';
export { type NewProduct, putProducts } from './put_products.ts';
export { travelBundles } from './travel_bundles.ts';
