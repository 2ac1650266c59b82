// How many bytes of profile packages the card can still take.
import type { CardState } from '../card_state.ts';

export function freeMemoryBytes({ properties, profiles }: CardState): number {
  const used = profiles.reduce((sum, profile) => sum + Buffer.byteLength(profile.package, 'base64'), 0);
  return Math.max(0, properties.memoryBytes - used);
}
