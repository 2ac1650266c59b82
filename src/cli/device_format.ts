// How the device commands show things to a person: tables, a timeline, and what to do about a refusal.
import type { DeviceError } from '../device/device_error.ts';
import type { TimelineEntry } from '../device/lpa/steps.ts';

/** Columns as wide as their longest cell; the head only when there are rows. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function formatStep({ step, ms, detail }: TimelineEntry): string {
  return `${`${ms.toFixed(1)} ms`.padStart(11)}  ${step.padEnd(24)} ${detail}`.trimEnd();
}

/** The message, and what a person can do about it. */
export function formatFailure(error: DeviceError): string {
  const { refusal } = error;
  const hint = refusal ? hintByCodes[`${refusal.subjectCode}/${refusal.reasonCode}`] : hintByKind[error.kind];
  return hint ? `${error.message}\n${hint}` : error.message;
}

const hintByCodes: Readonly<Record<string, string>> = {
  '8.1.1/3.8': 'Order a profile for the EID of this device (overair device info), or use an activation code.',
  '8.1.2/6.1':
    'Make the card with the PKI of the server (overair device create --pki <folder> --file <new file>).',
  '8.1.3/6.1':
    'Make the card with the PKI of the server (overair device create --pki <folder> --file <new file>).',
  '8.2/1.2': 'Release the profile on the server first.',
  '8.2.6/3.8': 'Check the activation code, or ask for a new one.',
  '8.2.7/2.2': 'Give the code with --confirmation-code.',
  '8.2.7/6.4': 'Ask for a new activation code.',
  '8.8.1/3.8':
    'Check the address in the activation code; with --connect-to it must still be the address of the server.',
  '8.8.2/3.1':
    'Make the card with the PKI of the server (overair device create --pki <folder> --file <new file>).',
  '8.8.4/3.7':
    'Make the card with the PKI of the server (overair device create --pki <folder> --file <new file>).',
  '8.8.5/4.10': 'Ask for a new activation code.',
  '8.8.5/6.4': 'Ask for a new activation code.',
  '8.11.1/3.9':
    'Make the card with the PKI of the server (overair device create --pki <folder> --file <new file>).',
};

const hintByKind: Partial<Record<DeviceError['kind'], string>> = {
  unreachable:
    'Is the server running? Does its name resolve here (--connect-to host:port)? Does the card trust its certificate issuer?',
};
