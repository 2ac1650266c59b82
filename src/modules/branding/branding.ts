// A branding: names for phones, colours and a logo for QR pictures.
import type { Id } from '../../base/ids.ts';

export type Branding = BrandingSettings & {
  id: Id<'branding'>;
  accountId: string;
  /** Unique in the account. */
  name: string;
  createdAt: Date;
  updatedAt: Date;
};

export type BrandingSettings = {
  /** Whether it is for eSIMs that are ordered without naming any. */
  isDefault: boolean;
  /** What a phone calls the eSIM: up to 16 characters; null for what the profile type says. */
  installName: string | null;
  /** What a phone shows as the operator: up to 16 characters; null for what the profile type says. */
  networkName: string | null;
  /** Of the dark modules, `#rrggbb`. */
  foreground: string;
  /** Of the light modules, `#rrggbb`. */
  background: string;
  /** A PNG for the middle of the QR picture. */
  logo: Buffer | null;
};

/** A branding without the bytes of its logo. */
export type BrandingHead = Omit<Branding, 'logo'> & { hasLogo: boolean };

export const brandingDefaults: BrandingSettings = {
  isDefault: false,
  installName: null,
  networkName: null,
  foreground: '#000000',
  background: '#ffffff',
  logo: null,
};

/** The names that the profile of an eSIM with this branding gets instead of those of its type. */
export function installedNames({
  installName,
  networkName,
}: Pick<Branding, 'installName' | 'networkName'>): InstalledNames {
  return {
    ...(installName !== null && { profileName: installName }),
    ...(networkName !== null && { serviceProviderName: networkName }),
  };
}

type InstalledNames = { profileName?: string; serviceProviderName?: string };
