// A branding as the database holds it, and its reading.
import type { Id } from '../../base/ids.ts';
import type { Branding, BrandingHead } from './branding.ts';

export type BrandingHeadRow = {
  id: string;
  account_id: string;
  name: string;
  is_default: boolean;
  install_name: string | null;
  network_name: string | null;
  foreground: string;
  background: string;
  has_logo: boolean;
  created_at: Date;
  updated_at: Date;
};

export type BrandingRow = BrandingHeadRow & { logo: Buffer | null };

export const brandingHeadColumns =
  'id, account_id, name, is_default, install_name, network_name, foreground, background, logo is not null as has_logo, created_at, updated_at';

export const brandingColumns = `${brandingHeadColumns}, logo`;

export function readBranding(row: BrandingRow): Branding {
  const { hasLogo: _, ...head } = readBrandingHead(row);
  return { ...head, logo: row.logo };
}

export function readBrandingHead(row: BrandingHeadRow): BrandingHead {
  return {
    id: row.id as Id<'branding'>,
    accountId: row.account_id,
    name: row.name,
    isDefault: row.is_default,
    installName: row.install_name,
    networkName: row.network_name,
    foreground: row.foreground,
    background: row.background,
    hasLogo: row.has_logo,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
