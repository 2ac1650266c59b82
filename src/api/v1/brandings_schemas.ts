// Brandings on the wire.
import { z } from 'zod';
import { listOf, named, text, time } from './schemas.ts';

const logoCharsMax = 4 * Math.ceil((256 * 1024) / 3);

const shown = text(64).nullable().describe('Up to 16 characters; null for what the profile type says.');
const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'give a colour as #rrggbb')
  .meta({ examples: ['#1a3c8c'] });

export const putBrandingBody = named(
  'PutBranding',
  z
    .strictObject({
      isDefault: z
        .boolean()
        .default(false)
        .describe('For eSIMs that are ordered without naming a branding; takes it from the one before.'),
      installName: shown.default(null),
      networkName: shown.default(null),
      foreground: colour.default('#000000'),
      background: colour.default('#ffffff'),
      logo: z
        .base64()
        .max(logoCharsMax)
        .nullable()
        .default(null)
        .describe('A PNG of up to 256 kB and 1024 × 1024 pixels, not interlaced, as base64.'),
    })
    .describe('The foreground must be darker than the background, with a contrast of 4.5 (WCAG) or more.')
    .meta({ examples: [{ isDefault: true, installName: 'Travel eSIM', foreground: '#1a3c8c' }] }),
);

const head = {
  id: z.string(),
  name: z.string(),
  isDefault: z.boolean(),
  installName: z.string().nullable().describe('What a phone calls the eSIM.'),
  networkName: z.string().nullable().describe('What a phone shows as the operator.'),
  foreground: z.string().describe('Of the dark modules of QR pictures.'),
  background: z.string().describe('Of the light modules of QR pictures.'),
  createdAt: time,
  updatedAt: time,
};

export const branding = named(
  'Branding',
  z.object({ ...head, logo: z.base64().nullable().describe('PNG; in the middle of QR pictures.') }),
);

export const brandingList = listOf(
  'BrandingList',
  named('BrandingHead', z.object({ ...head, hasLogo: z.boolean() })),
);
