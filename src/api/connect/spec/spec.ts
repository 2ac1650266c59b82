// Connect as its vendor's documentation has it, as far as it is public: there is no OpenAPI document of it.
import type { Schema } from '../../http/vendor_document/schema.ts';
import { type Operation, operations } from './operations.ts';
import { resources } from './resources.ts';
import { resourcesV2 } from './resources_v2.ts';

/** Operations of version 1, then of version 2, and the schemas that they refer to as `#/$defs/…`. */
export const spec: { operations: readonly Operation[]; $defs: Record<string, Schema> } = {
  operations,
  $defs: { ...resources, ...resourcesV2 },
};
