// What is wrong with a profile package, in plain words, found before an eUICC has to refuse it.
import { AppError } from '../../base/app_error.ts';
import { codeChecks } from './checks/code_checks.ts';
import { fileChecks } from './checks/file_checks.ts';
import { headerChecks } from './checks/header_checks.ts';
import { keyChecks } from './checks/key_checks.ts';
import { type Check, error, type Finding, viewPackage } from './checks/package_view.ts';
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
  ...testValueChecks,
};

const findingsMax = 1000;

/**
 * Every finding, in the order of the rules, up to 1,000; `element` counts from 0. An empty list is a clean package.
 * A package that cannot be read at all gives one error. Never throws.
 */
export function checkProfilePackage(bytes: Uint8Array): Finding[] {
  try {
    const view = viewPackage(readElementSequence(bytes));
    return Object.values(profilePackageChecks)
      .flatMap((check) => check(view))
      .slice(0, findingsMax);
  } catch (cause) {
    if (cause instanceof AppError) return [error(cause.detail)];
    throw cause;
  }
}

export type { Finding };
