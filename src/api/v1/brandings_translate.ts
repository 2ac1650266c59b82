// Brandings between the wire and the core.
import type { z } from 'zod';
import type { Branding, BrandingHead, PutBranding } from '../../modules/branding/index.ts';
import type { branding, brandingList, putBrandingBody } from './brandings_schemas.ts';

export function readPutBranding(
  accountId: string,
  name: string,
  { logo, ...same }: z.output<typeof putBrandingBody>,
): PutBranding {
  return { ...same, logo: logo === null ? null : Buffer.from(logo, 'base64'), accountId, name };
}

export function writeBranding({ logo, ...same }: Branding): z.output<typeof branding> {
  return { ...writeCommon(same), logo: logo?.toString('base64') ?? null };
}

export function writeBrandingHead(from: BrandingHead): z.output<typeof brandingList>['data'][number] {
  return { ...writeCommon(from), hasLogo: from.hasLogo };
}

type Common = Omit<Branding, 'logo'>;

function writeCommon(from: Common) {
  return {
    id: from.id,
    name: from.name,
    isDefault: from.isDefault,
    installName: from.installName,
    networkName: from.networkName,
    foreground: from.foreground,
    background: from.background,
    createdAt: from.createdAt.toISOString(),
    updatedAt: from.updatedAt.toISOString(),
  };
}
