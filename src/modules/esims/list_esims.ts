// eSIMs of one account are listed newest first, by page, with a cost that does not grow with how many there are.
import type { Ctx } from '../../pg/ctx.ts';
import { type ListPage, type ListTexts, listTexts, queryList } from '../../pg/list.ts';
import { mergedTexts } from '../../pg/merged_list.ts';
import { type Esim, type EsimState, esimStates } from './esim.ts';
import { type EsimRow, esimColumns, readEsim } from './esim_row.ts';

/** A page of the account's eSIMs. */
export async function listEsims(ctx: Ctx, filter: EsimFilter): Promise<Esim[]> {
  const { accountId, eid, state, states = state && [state], noCards = false, ...page } = filter;
  const [texts, values] = listOf({ accountId, eid, states, noCards });
  const rows = await queryList<EsimRow>(ctx.db, texts, values, page);
  return rows.map(readEsim);
}

export type EsimFilter = ListPage & {
  accountId: string;
  eid?: string;
  state?: EsimState;
  /** Any of these. */
  states?: readonly EsimState[];
  /** Leaves out SIM cards. */
  noCards?: boolean;
};

type Wanted = {
  accountId: string;
  eid: string | undefined;
  states: readonly EsimState[] | undefined;
  noCards: boolean;
};

function listOf({ accountId, eid, states, noCards }: Wanted): [ListTexts, unknown[]] {
  if (eid !== undefined) return [ofEid, [accountId, eid, states ?? esimStates, noCards]];
  if (states !== undefined) return [noCards ? ofStatesWithoutCards : ofStates, [accountId, states]];
  return [noCards ? ofAccountWithoutCards : ofAccount, [accountId]];
}

const selectEsims = `select ${esimColumns} from esims.esims where account_id = $1`;
const isNoCard = "and origin <> 'card'";

const ofAccount = listTexts(selectEsims, 'id', 1);
const ofAccountWithoutCards = listTexts(`${selectEsims} ${isNoCard}`, 'id', 1);
const ofEid = listTexts(
  `${selectEsims} and eid = $2 and state = any($3) and not ($4::boolean and origin = 'card')`,
  'id',
  4,
);

/** States are read side by side, each from its own place in the index: a rare one costs no more than a common one. */
function listOfStates(condition: string): ListTexts {
  const lists = esimStates.map((state) =>
    listTexts(`${selectEsims} and state = '${state}' and '${state}' = any($2::text[]) ${condition}`, 'id', 2),
  );
  return mergedTexts(lists, 'id', 2);
}

const ofStates = listOfStates('');
const ofStatesWithoutCards = listOfStates(isNoCard);
