// Rows that are asked for at the same moment are read together: many who ask cost little more than one.
import { AppError } from '../base/app_error.ts';
import { createBatcher } from '../base/batcher.ts';
import type { Ctx, Db } from './ctx.ts';
import { query, querySettled } from './query.ts';

/**
 * Makes a function that reads what belongs to one key. `text` answers many keys with a row for each, in their places; it is
 * given the `members` of the keys, each as one text[]. Whatever is asked for while a read is under way, of whichever kind,
 * travels with the next one: a statement for each kind, all in one write. In a transaction nothing is shared.
 * `text` takes its arrays as `(select $1::text[])`: else PostgreSQL guesses from their length, and plans it anew each time.
 * A key that is no value for the database fails alone. Throws what `query` throws, and `unavailable` when too many wait.
 */
export function sharedRead<Key extends object, Row>(
  text: string,
  members: readonly (keyof Key)[],
): (ctx: Ctx, key: Key) => Promise<Row> {
  const statementOf = (keys: readonly unknown[]) => {
    return { text, values: members.map((member) => keys.map((key) => (key as Key)[member])) };
  };
  return async (ctx, key) => {
    if (!ctx.db.isTransaction) return (await deskOf(ctx.db)({ statementOf, key })) as Row;
    const { values } = statementOf([key]);
    return (await query<Row>(ctx.db, text, values))[0] as Row;
  };
}

/** The same for the row of an account by its id: `columns` of `table`, both constant text. Undefined where there is none. */
export function sharedRow<Row extends { id: string }>(
  table: string,
  columns: string,
): (ctx: Ctx, of: RowOfAccount) => Promise<Row | undefined> {
  const text = `
    select ${columns}
    from unnest((select $1::text[]), (select $2::text[])) with ordinality as wanted (row_id, of_account, place)
    left join lateral (
      select ${columns} from ${table} where id = wanted.row_id and account_id = wanted.of_account
    ) as found on true
    order by place`;
  const read = sharedRead<RowOfAccount, Row | { id: null }>(text, ['id', 'accountId']);
  return async (ctx, of) => {
    const row = await read(ctx, of);
    return row.id === null ? undefined : row;
  };
}

type RowOfAccount = { accountId: string; id: string };

type Asked = { statementOf: (keys: readonly unknown[]) => { text: string; values: unknown[] }; key: unknown };

const desks = new WeakMap<Db, (asked: Asked) => Promise<unknown>>();

function deskOf(db: Db): (asked: Asked) => Promise<unknown> {
  const known = desks.get(db);
  if (known) return known;
  const desk = createBatcher<Asked, unknown>(options, (asked) => readTogether(db, asked));
  desks.set(db, desk);
  return desk;
}

const options = {
  batchMax: 500,
  inFlightMax: 1,
  waitingMax: 10_000,
  overload: () =>
    new AppError('unavailable', 'Too many requests are waiting: try again.', { retryAfterSeconds: 1 }),
};

/** The row of each, or its error, in the places of what was asked. */
async function readTogether(db: Db, asked: readonly Asked[]): Promise<unknown[]> {
  const kinds = [...Map.groupBy(asked, ({ statementOf }) => statementOf)];
  const answers = await querySettled(
    db,
    kinds.map(([statementOf, ofKind]) => statementOf(ofKind.map(({ key }) => key))),
  );
  const found = new Map<Asked, unknown>();
  for (const [index, [, ofKind]] of kinds.entries()) {
    const rows = await rowsOf(db, ofKind, answers[index] as PromiseSettledResult<unknown[]>);
    for (const [place, each] of ofKind.entries()) found.set(each, rows[place]);
  }
  return asked.map((each) => found.get(each));
}

/** A key that is no value for the database spoils the statement for all: then each is asked for alone. */
async function rowsOf(
  db: Db,
  asked: readonly Asked[],
  answer: PromiseSettledResult<unknown[]>,
): Promise<readonly unknown[]> {
  if (answer.status === 'fulfilled') return answer.value;
  if (asked.length === 1 || !isDataException(answer.reason)) return asked.map(() => answer.reason);
  const alone = await querySettled(
    db,
    asked.map(({ statementOf, key }) => statementOf([key])),
  );
  return alone.map((each) => (each.status === 'fulfilled' ? each.value[0] : each.reason));
}

/** SQLSTATE class 22. */
function isDataException({ code }: { code?: unknown }): boolean {
  return typeof code === 'string' && code.startsWith('22');
}
