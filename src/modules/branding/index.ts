// Branding: how the eSIMs of an account look: the names that a phone shows, the colours and the logo of QR pictures.
// Owns: branding.brandings. Emits: branding.put, branding.removed.
// Invariants: a name is unique in its account; an account has at most one default; a phone can show the names and a
// camera can read the colours of every branding; what an eSIM was installed with does not change with its branding.
export { type Branding, type BrandingHead, installedNames } from './branding.ts';
export {
  findBrandingOfEsim,
  findBrandingsOfEsims,
  getBranding,
  listBrandings,
} from './find_brandings.ts';
export {
  type BrandingToInstall,
  type EsimToBrand,
  findBrandingsToInstall,
} from './find_brandings_to_install.ts';
export { brandingsMax, type PutBranding, putBranding } from './put_branding.ts';
export { removeBranding } from './remove_branding.ts';
