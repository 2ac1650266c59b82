// `filterBy` and `filter`: one condition on the eSIMs that are listed, with an operator in front of its value.
import type { Comparison, EsimCondition } from '../../../modules/esims/index.ts';
import { EsimGoRefusal } from '../wire/errors.ts';
import { readMoment } from './read_moment.ts';

export const filterNames = ['iccid', 'customerRef', 'lastAction', 'actionDate', 'assignedDate'] as const;
export type FilterName = (typeof filterNames)[number];

/** A condition on rows, or on the last action, which is no column of them. */
export type EsimFilter =
  | { of: 'row'; condition: EsimCondition }
  | { of: 'action'; condition: ActionCondition };

export type ActionCondition =
  | { operator: 'eq' | 'contains'; name: string }
  | { from: Date | null; to: Date | null };

/**
 * `gte:2024-01-01`, `eq:shop 7`, `shop`. Texts without an operator are looked for anywhere, times without one are equal.
 * Undefined without a value. Refuses with 400.
 */
export function readEsimFilter(
  by: FilterName | undefined,
  filter: string | undefined,
): EsimFilter | undefined {
  if (filter === undefined) return undefined;
  if (by === undefined) throw refuse('filterBy', `give one of ${filterNames.join(', ')} with filter`);
  const [, operator, value = ''] = /^(?:(eq|lte|lt|gte|gt):)?(.*)$/s.exec(filter) ?? [];
  return readers[by](operator as Comparison | undefined, value);
}

type Reader = (operator: Comparison | undefined, value: string) => EsimFilter;

const readers: Record<FilterName, Reader> = {
  iccid: (operator, value) => readText('iccid', operator, value),
  customerRef: (operator, value) => readText('customerReference', operator, value),
  lastAction(operator, value) {
    if (operator !== undefined && operator !== 'eq')
      throw refuse('filter', 'lastAction has no order: give eq');
    const name = operator === undefined ? withoutWildcards(value) : value;
    return { of: 'action', condition: { operator: operator ?? 'contains', name } };
  },
  actionDate: (operator, value) => ({ of: 'action', condition: readStretch(operator, value) }),
  assignedDate: (operator, value) => ({
    of: 'row',
    condition: { field: 'createdAt', ...readStretch(operator, value) },
  }),
};

function readText(
  field: 'iccid' | 'customerReference',
  operator: Comparison | undefined,
  value: string,
): EsimFilter {
  const text = operator === undefined ? withoutWildcards(value) : value;
  if (text.includes('\0') || !text.isWellFormed())
    throw refuse('filter', 'give text without zero characters');
  // A whole ICCID is in no other one.
  const isWhole = field === 'iccid' && operator === undefined && /^\d{19,20}$/.test(text);
  return {
    of: 'row',
    condition: { field, operator: isWhole ? 'eq' : (operator ?? 'contains'), value: text },
  };
}

/** `*shop*` and `%shop%` are found anywhere, as is `shop`. */
function withoutWildcards(value: string): string {
  return value.replace(/^[*%]+|[*%]+$/g, '');
}

function readStretch(operator: Comparison = 'eq', value: string): { from: Date | null; to: Date | null } {
  const stretch = readMoment(value);
  if (!stretch) throw refuse('filter', 'give a day as 2024-01-31, or a time of RFC 3339');
  return stretches[operator](stretch);
}

type Stretch = { from: Date; to: Date };

const stretches: Record<Comparison, (of: Stretch) => { from: Date | null; to: Date | null }> = {
  eq: (of) => of,
  lt: ({ from }) => ({ from: null, to: from }),
  lte: ({ to }) => ({ from: null, to }),
  gt: ({ to }) => ({ from: to, to: null }),
  gte: ({ from }) => ({ from, to: null }),
};

function refuse(name: string, detail: string): EsimGoRefusal {
  return new EsimGoRefusal(400, `${name}: ${detail}.`);
}
