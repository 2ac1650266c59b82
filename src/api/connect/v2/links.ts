// Links between resources of version 2: absolute, behind the host and the prefix that the client called.
import type { Call } from '../route.ts';

export type Linking = Pick<Call, 'base' | 'prefix'>;

/** `path` begins behind `/v2`. */
export function linkTo({ base, prefix }: Linking, path: string): string {
  return `${base}${prefix}/v2${path}`;
}
