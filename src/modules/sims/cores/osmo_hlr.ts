// Osmocom's osmo-hlr as a mobile core, over its CTRL interface. Nothing that holds a key is ever logged or told.
import { AppError } from '../../../base/app_error.ts';
import { toHex } from '../../../base/bytes.ts';
import { checkImsi, checkSubscriber } from './check_subscriber.ts';
import { type CtrlClient, openCtrlClient } from './ctrl_client.ts';
import { type CtrlAddress, CtrlRefusal } from './ctrl_connection.ts';
import type { MobileCore, Subscriber } from './mobile_core.ts';

/** Connects when it is first used. Tried with osmo-hlr 1.5.0. */
export function openOsmoHlr(address: CtrlAddress): MobileCore {
  const ctrl = openCtrlClient(address);
  return {
    name: 'osmo_hlr',
    async putSubscriber(subscriber) {
      checkSubscriber(subscriber);
      await putSubscriber(ctrl, subscriber.imsi, readWanted(subscriber));
      return writeRemarks(subscriber);
    },
    async removeSubscriber(imsi) {
      checkImsi(imsi);
      await set(ctrl, 'subscriber.delete', imsi, "Subscriber doesn't exist.");
    },
    close: async () => ctrl.close(),
  };
}

/** A subscriber in the words of CTRL. */
type HlrSubscriber = {
  msisdn: string;
  /** Lower case, with the length of IND: as the HLR gives it and takes it. */
  aud3g: string;
  ps: string;
  cs: string;
};

/** As the HLR makes one: it may attach at once. */
const created: HlrSubscriber = { msisdn: 'none', aud3g: 'none', ps: '1', cs: '1' };
const indBits = 5;

async function putSubscriber(ctrl: CtrlClient, imsi: string, wanted: HlrSubscriber): Promise<void> {
  const found = (await findSubscriber(ctrl, imsi)) ?? (await createSubscriber(ctrl, imsi));
  const changes = listChanges(found, wanted);
  for (const [name, value] of changes) await set(ctrl, `subscriber.by-imsi-${imsi}.${name}`, value);
  if (changes.length === 0) return;
  const after = await findSubscriber(ctrl, imsi);
  if (!after || listChanges(after, wanted).length > 0)
    throw new AppError(
      'conflict',
      'osmo-hlr holds something else than it was told: does another program write it?',
    );
}

/**
 * What must be written, in order: whoever may not attach is stopped first, whoever may is let in last. Equal keys are not
 * written, since that would set the sequence number back to 0.
 */
function listChanges(found: HlrSubscriber, wanted: HlrSubscriber): [name: string, value: string][] {
  const differing = (fields: [keyof HlrSubscriber, string][]): [string, string][] =>
    fields.filter(([field]) => found[field] !== wanted[field]).map(([field, name]) => [name, wanted[field]]);
  const access = differing([
    ['ps', 'ps-enabled'],
    ['cs', 'cs-enabled'],
  ]);
  const identity = differing([
    ['aud3g', 'aud3g'],
    ['msisdn', 'msisdn'],
  ]);
  return wanted.ps === '1' ? [...identity, ...access] : [...access, ...identity];
}

async function createSubscriber(ctrl: CtrlClient, imsi: string): Promise<HlrSubscriber> {
  const done = await set(ctrl, 'subscriber.create', imsi, 'Subscriber already exists.');
  const found = done ? created : await findSubscriber(ctrl, imsi);
  if (!found) throw new AppError('conflict', 'osmo-hlr has and has not this subscriber.');
  return found;
}

async function findSubscriber(ctrl: CtrlClient, imsi: string): Promise<HlrSubscriber | null> {
  try {
    const variable = `subscriber.by-imsi-${imsi}.info-all`;
    return readInfo(imsi, await ctrl.request({ verb: 'GET', variable }));
  } catch (error) {
    if (error instanceof CtrlRefusal && error.message === 'No such subscriber.') return null;
    throw refused('info-all', error);
  }
}

/** False when the HLR answers `already`, which says that it is so already. */
async function set(ctrl: CtrlClient, variable: string, value: string, already?: string): Promise<boolean> {
  try {
    await ctrl.request({ verb: 'SET', variable, value });
    return true;
  } catch (error) {
    if (error instanceof CtrlRefusal && error.message === already) return false;
    throw refused(variable.slice(variable.lastIndexOf('.') + 1), error);
  }
}

function refused(name: string, error: unknown): unknown {
  if (!(error instanceof CtrlRefusal)) return error;
  return new AppError('conflict', `osmo-hlr refused ${name}: ${error.message}`);
}

function readWanted({ msisdn, ki, opc, enabled }: Subscriber): HlrSubscriber {
  const access = enabled ? '1' : '0';
  const aud3g = `milenage,${toHex(ki)},opc,${toHex(opc)},${indBits}`.toLowerCase();
  return { msisdn: msisdn ?? 'none', aud3g, ps: access, cs: access };
}

/** Lines of a name, a tab and a value; what is empty has no line. */
function readInfo(imsi: string, text: string): HlrSubscriber {
  const lines = new Map(text.split('\n').map((line) => line.split('\t') as [string, string | undefined]));
  const value = (name: string) => lines.get(name) ?? 'none';
  if (value('imsi') !== imsi) throw new AppError('unavailable', 'osmo-hlr answered about something else.');
  const keys = ['aud3g.k', 'aud3g.opc', 'aud3g.ind_bitlen'].map(value);
  const aud3g = `${value('aud3g.algo')},${keys[0]},opc,${keys[1]},${keys[2]}`.toLowerCase();
  return {
    msisdn: value('msisdn'),
    aud3g: lines.has('aud3g.algo') ? aud3g : 'none',
    ps: value('nam_ps'),
    cs: value('nam_cs'),
  };
}

function writeRemarks({ enabled, speedKbps }: Subscriber): string | null {
  const remarks = [
    !enabled && 'osmo-hlr lets an attached device stay until its next location update',
    speedKbps !== null && 'osmo-hlr cannot limit speed',
  ].filter((remark) => remark !== false);
  return remarks.length > 0 ? remarks.join('; ') : null;
}
