// What is wrong with a profile package, in plain words, found before an eUICC has to refuse it.
import { AppError } from '../../base/app_error.ts';
import { present } from '../../base/assert.ts';
import { codeChecks } from './checks/code_checks.ts';
import { consistencyChecks } from './checks/consistency_checks.ts';
import { explanations } from './checks/explanations.ts';
import { fileChecks } from './checks/file_checks.ts';
import { headerChecks } from './checks/header_checks.ts';
import { keyChecks } from './checks/key_checks.ts';
import {
  type Finding as BareFinding,
  type Check,
  error,
  type PackageView,
  viewPackage,
} from './checks/package_view.ts';
import { referenceChecks } from './checks/reference_checks.ts';
import { sequenceChecks } from './checks/sequence_checks.ts';
import { testValueChecks } from './checks/test_value_checks.ts';
import { readElementSequence } from './profile_element.ts';

/** All rules by name, in the order they are applied. */
export const profilePackageChecks: Readonly<Record<string, Check>> = {
  ...sequenceChecks,
  ...headerChecks,
  ...fileChecks,
  ...referenceChecks,
  ...codeChecks,
  ...keyChecks,
  ...consistencyChecks,
  ...testValueChecks,
};

const findingsMax = 1000;

/** What is wrong: where, what comes of it, and what to do. */
export type Finding = BareFinding & {
  /** The rule that is broken, the same for every package. */
  rule: string;
  /** What kind of element it is, and the number by which an eUICC reports it. */
  name?: string;
  identification?: number;
  why: string;
  advice: string;
};

/**
 * Every finding, in the order of the rules, up to 1,000; `element` counts from 0. An empty list is a clean package.
 * A package that cannot be read at all gives one error. Never throws.
 */
export function checkProfilePackage(bytes: Uint8Array): Finding[] {
  try {
    const view = viewPackage(readElementSequence(bytes));
    return Object.entries(profilePackageChecks)
      .flatMap(([rule, check]) => check(view).map((found) => explain(rule, found, view)))
      .slice(0, findingsMax);
  } catch (cause) {
    if (cause instanceof AppError) return [explain('package is readable', error(cause.detail))];
    throw cause;
  }
}

function explain(rule: string, found: BareFinding, view?: PackageView): Finding {
  const at = found.element === undefined ? undefined : view?.elements[found.element];
  const { why, advice } = present(explanations[rule], `an explanation of the rule ${rule}`);
  return {
    ...found,
    rule,
    ...(at && { name: at.name }),
    ...(at?.identification !== undefined && { identification: at.identification }),
    why,
    advice,
  };
}
