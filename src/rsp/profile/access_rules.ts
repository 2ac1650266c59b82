// The 14 access rules that SAIP template files refer to by number, as the records of an EF_ARR.
import { constructed, leaf, type TlvNode } from './tlv_tree.ts';

const always = '9000';
const never = '9700';
const pin1 = 'A406830101950108';
const pin2 = 'A406830181950108';
const adm1 = 'A40683010A950108';

/** Access mode byte (read 01, update 02, …) followed by who may (ETSI TS 102 221 §9.2.4). */
const mode = (bits: string, condition: string) => `8001${bits}${condition}`;
const increase = (condition: string) => `840132${condition}`;

const rules: readonly string[] = [
  mode('01', always) + mode('02', pin1) + mode('58', adm1),
  mode('01', pin1) + mode('5A', adm1),
  mode('5B', adm1),
  mode('01', always) + mode('1A', never) + mode('40', adm1),
  mode('03', pin1) + mode('58', adm1),
  mode('11', pin1) + mode('4A', adm1),
  mode('03', pin1) + mode('58', adm1) + increase(pin1),
  mode('01', pin1) + mode('02', pin2) + mode('58', adm1),
  mode('01', always) + mode('1A', pin1) + mode('40', adm1),
  mode('01', always) + mode('5A', adm1),
  mode('01', always) + mode('18', adm1) + mode('42', never),
  mode('01', pin1) + mode('5A', never),
  mode('13', pin1) + mode('48', adm1),
  mode('5E', adm1),
];

const recordLength = Math.max(...rules.map((rule) => rule.length / 2));

/** The file entry (`A1` descriptor, content) of an EF_ARR with these rules, under `tag`. */
export function accessRuleFile(tag: number): TlvNode {
  const content = Buffer.from(rules.map((rule) => rule.padEnd(recordLength * 2, 'F')).join(''), 'hex');
  const size = Buffer.alloc(2);
  size.writeUInt16BE(content.length);
  const descriptor = constructed(0xa1, [
    leaf(0x82, Uint8Array.of(0x42, 0x21, 0, recordLength)),
    leaf(0x80, size),
  ]);
  return constructed(tag, [descriptor, leaf(0x83, content)]);
}
