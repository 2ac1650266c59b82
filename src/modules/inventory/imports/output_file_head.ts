// The head of a card maker's output file: `name: value` lines, comments behind `*`, and var_in and var_out with the columns.
import { type FileHead, type HeadOptions, isCardLine } from './file_head.ts';
import { formatOf, headFault } from './line_format.ts';
import { splitLine } from './split_line.ts';

/**
 * A line behind var_out has the values of var_out, or those of var_in and then those of var_out: which of the two, the first
 * one tells by their number.
 */
export function createOutputFileReader(options: HeadOptions) {
  const given: Given = { inputs: [], outputs: undefined, inInputs: false };
  return {
    read(line: string, number: number): FileHead | undefined {
      if (!isCardLine('output_file', line)) return undefined;
      if (given.outputs) return firstCard(given, given.outputs, line, number, options);
      takeHeadLine(given, line, `line ${number}`, options);
      return undefined;
    },
    end(): never {
      if (given.outputs) throw headFault('var_out', 'there is no card behind the head');
      throw headFault('var_out', 'the file has no line var_out that names the columns');
    },
  };
}

type Given = {
  inputs: string[];
  outputs: string[] | undefined;
  /** True between var_in and var_out, where each line names a value. */
  inInputs: boolean;
  quantity?: number;
  encipheredBy?: string;
};

function takeHeadLine(given: Given, line: string, where: string, options: HeadOptions): void {
  const [, key = '', value = ''] = /^([^:=]*)[:=](.*)$/.exec(line.trim()) ?? [];
  const name = key.toLowerCase().replace(/[^a-z0-9]/g, '');
  const text = value.trim();
  if (name === '') throw headFault(where, 'give name: value, or * in front of a comment');
  if (name.startsWith('varin')) {
    given.inInputs = true;
    given.inputs.push(...namesIn(text));
  } else if (name.startsWith('varout')) {
    given.outputs = namesIn(text);
    given.inInputs = false;
  } else if (given.inInputs) given.inputs.push(key.trim());
  else takeHeadValue(given, name, text, where, options);
}

function takeHeadValue(given: Given, name: string, text: string, where: string, { kcv }: HeadOptions): void {
  if (name === 'quantity' || name === 'qty') {
    if (!/^\d{1,9}$/.test(text)) throw headFault(where, 'give the quantity as a whole number');
    given.quantity = Number(text);
  }
  if (name === 'transportkey' && !/^(|0+|none|no|-)$/i.test(text)) given.encipheredBy = where;
  if (name.endsWith('kcv') && kcv !== undefined && text !== '' && text.toUpperCase() !== kcv)
    throw headFault(where, `the transport key has the check value ${kcv}: this is another key`);
}

function firstCard(
  given: Given,
  outputs: string[],
  line: string,
  number: number,
  options: HeadOptions,
): FileHead {
  if (given.encipheredBy !== undefined && !options.hasTransportKey)
    throw headFault(given.encipheredBy, 'keys of the file are enciphered: name the transport key');
  const values = splitLine(line, ' ').length;
  const both = given.inputs.length + outputs.length;
  if (values !== outputs.length && values !== both)
    throw headFault(`line ${number}`, `there are ${values} values, but var_out names ${outputs.length}`);
  const names = values === outputs.length ? outputs : [...given.inputs, ...outputs];
  const format = formatOf(names, ' ', 'var_out', options);
  return { format, isCard: true, ...(given.quantity !== undefined && { quantity: given.quantity }) };
}

function namesIn(text: string): string[] {
  return text.split(/[/,;\s]+/).filter((name) => name !== '');
}
