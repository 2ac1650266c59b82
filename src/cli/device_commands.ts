// The commands of the virtual device: each opens the card, does one thing, sends what the card has to tell, and shows the result.
import { fromBase64 } from '../base/bytes.ts';
import type { Card } from '../device/card.ts';
import type { InstalledProfile } from '../device/card_state.ts';
import { DeviceError } from '../device/device_error.ts';
import { freeMemoryBytes } from '../device/euicc/free_memory.ts';
import { metadataOf } from '../device/euicc/profile_metadata.ts';
import { downloadProfile } from '../device/lpa/download_profile.ts';
import {
  deleteProfile,
  disableProfile,
  type Es10,
  enableProfile,
  setNickname,
} from '../device/lpa/es10_client.ts';
import { sendNotifications } from '../device/lpa/send_notifications.ts';
import { inspectProfilePackage } from '../rsp/profile/inspect_profile_package.ts';
import { type DeviceCall, type DeviceCommand, show } from './device_call.ts';
import { createDevice, openDevice } from './device_card.ts';
import { discover } from './device_discover.ts';
import { formatStep, formatTable } from './device_format.ts';
import { warnOfFailed } from './device_notifications.ts';

/** By name, in the order of the help text. Each throws `DeviceError` or `AppError`. */
export const deviceCommands: Readonly<Record<string, DeviceCommand>> = {
  create: {
    usage: 'create [--eid E] [--curve P-256] [--smdp host] [--smds host[:port]] [--given-euicc]',
    summary: 'make a card; other commands do it on first use',
    run: create,
  },
  info: { usage: 'info', summary: 'EID, issuers, addresses, memory', run: info },
  download: {
    usage: "download 'LPA:1$…' [--confirmation-code N] | download [--smdp host[:port]]",
    summary: 'download and install a profile',
    run: download,
  },
  discover: {
    usage: 'discover [--smds host[:port]] [--confirmation-code N]',
    summary: 'ask the SM-DS what waits for this card, and install it',
    run: discover,
  },
  list: { usage: 'list', summary: 'the profiles of the card', run: list },
  enable: {
    usage: 'enable <iccid>',
    summary: 'enable a profile; the one enabled before is disabled',
    run: switcher(enableProfile, 'enabled'),
  },
  disable: {
    usage: 'disable <iccid>',
    summary: 'disable a profile',
    run: switcher(disableProfile, 'disabled'),
  },
  delete: {
    usage: 'delete <iccid>',
    summary: 'delete a disabled profile',
    run: switcher(deleteProfile, 'deleted'),
  },
  nickname: {
    usage: 'nickname <iccid> [name]',
    summary: 'name a profile, or remove its name',
    run: nickname,
  },
  notifications: {
    usage: 'notifications [--send]',
    summary: 'what the card has to tell its servers',
    run: notifications,
  },
};

async function create(call: DeviceCall): Promise<void> {
  const { values, io } = call;
  const curve = values.curve;
  if (curve !== undefined && curve !== 'P-256' && curve !== 'brainpoolP256r1')
    throw new DeviceError('invalid_input', '--curve is P-256 or brainpoolP256r1.');
  await createDevice(values, io.env, {
    ...(values.eid === undefined ? {} : { eid: values.eid }),
    ...(curve === undefined ? {} : { curves: [curve] }),
    ...(values.smdp === undefined ? {} : { defaultSmdp: values.smdp }),
    ...(values.smds === undefined ? {} : { rootSmds: values.smds }),
    givenEuicc: values['given-euicc'] ?? false,
  });
  await info(call);
}

async function info(call: DeviceCall): Promise<void> {
  const { values, io } = call;
  const { card, path } = await openDevice(values, io.env);
  const { eid, addresses, credentials, properties, profiles, notifications: waiting } = card.state;
  const shown = {
    eid,
    file: path,
    defaultSmdp: addresses.defaultSmdp ?? null,
    rootSmds: addresses.rootSmds,
    issuers: credentials.length,
    svn: properties.svn,
    freeMemoryBytes: freeMemoryBytes(card.state),
    profiles: profiles.length,
    notifications: waiting.length,
  };
  show(call, shown, () =>
    Object.entries(shown)
      .map(([name, value]) => `${name.padEnd(16)} ${value ?? '-'}`)
      .join('\n'),
  );
}

async function download(call: DeviceCall): Promise<void> {
  const { values, positionals, io } = call;
  const { lpa } = await openDevice(values, io.env);
  const { smdp, json } = values;
  const [activationCode, more] = positionals;
  if (more !== undefined || (activationCode !== undefined && smdp !== undefined))
    throw new DeviceError('invalid_input', 'Give one activation code (in single quotes), or --smdp.');
  const code = values['confirmation-code'];
  try {
    const profile = await downloadProfile(
      lpa,
      activationCode ?? (smdp === undefined ? {} : { smdpAddress: smdp }),
      {
        ...(code === undefined ? {} : { confirmationCode: code }),
        ...(json ? {} : { onStep: (entry) => io.out(formatStep(entry)) }),
      },
    );
    const { iccid, serviceProviderName, profileName, notifications: told } = profile;
    show(
      call,
      profile,
      () =>
        `\nInstalled ${serviceProviderName} ${profileName}, ICCID ${iccid}. Next: overair device enable ${iccid}`,
    );
    if (!json) warnOfFailed(told, io);
  } finally {
    lpa.es9.close();
  }
}

async function list(call: DeviceCall): Promise<void> {
  const { values, io } = call;
  const { card } = await openDevice(values, io.env);
  const rows = card.state.profiles.map(describeProfile);
  show(call, rows, () => {
    if (rows.length === 0) return 'The card has no profiles.';
    const cells = rows.map((row) => [
      row.iccid,
      row.state,
      row.serviceProviderName,
      row.nickname ?? row.profileName,
      row.imsi ?? '',
      row.aid,
    ]);
    return formatTable(['ICCID', 'STATE', 'PROVIDER', 'NAME', 'IMSI', 'AID'], cells);
  });
}

function describeProfile(profile: InstalledProfile) {
  const { iccid, state, aid, nickname } = profile;
  const { serviceProviderName, profileName, profileClass = 'operational' } = metadataOf(profile);
  const { imsi, msisdn, elements } = inspectProfilePackage(fromBase64(profile.package));
  return {
    iccid,
    state,
    serviceProviderName,
    profileName,
    nickname,
    profileClass,
    imsi,
    msisdn,
    aid,
    elements: elements.length,
  };
}

function switcher(change: (card: Es10, iccid: string) => void, outcome: string): DeviceCommand['run'] {
  return async (call) => {
    const { values, positionals, io } = call;
    const { card, lpa } = await openDevice(values, io.env);
    const iccid = iccidIn(positionals, card);
    try {
      change(card, iccid);
      const told = await sendNotifications(lpa);
      show(
        call,
        { iccid, outcome, notifications: told },
        () => `${iccid} is ${outcome}. ${told.sent.length} notification(s) delivered.`,
      );
      if (!values.json) warnOfFailed(told, io);
    } finally {
      lpa.es9.close();
    }
  };
}

async function nickname(call: DeviceCall): Promise<void> {
  const { values, positionals, io } = call;
  const { card } = await openDevice(values, io.env);
  const [, name = ''] = positionals;
  const iccid = iccidIn(positionals, card);
  setNickname(card, iccid, name);
  show(
    call,
    { iccid, nickname: name },
    () => `${iccid} is ${name ? `called ${name}` : 'without a nickname'}.`,
  );
}

async function notifications(call: DeviceCall): Promise<void> {
  const { values, io } = call;
  const { card, lpa } = await openDevice(values, io.env);
  try {
    const told = values.send ? await sendNotifications(lpa) : undefined;
    const waiting = card.state.notifications.map(({ pending: _, ...notification }) => notification);
    show(call, { sent: told?.sent.length ?? 0, waiting }, () => {
      const sent = told ? `${told.sent.length} delivered.\n` : '';
      const rows = waiting.map(({ seqNumber, operation, iccid, address }) => [
        String(seqNumber),
        operation,
        iccid ?? '',
        address,
      ]);
      return (
        sent +
        (rows.length > 0
          ? formatTable(['NO', 'EVENT', 'ICCID', 'ADDRESS'], rows)
          : 'Nothing waits to be sent.')
      );
    });
    if (told && !values.json) warnOfFailed(told, io);
  } finally {
    lpa.es9.close();
  }
}

function iccidIn([iccid]: string[], card: Card): string {
  if (iccid !== undefined && /^\d{18,20}$/.test(iccid)) return iccid;
  const known = card.state.profiles.map((profile) => profile.iccid).join(', ');
  throw new DeviceError(
    'invalid_input',
    `Give an ICCID of 18 to 20 digits. The card has: ${known || 'no profiles'}.`,
  );
}
