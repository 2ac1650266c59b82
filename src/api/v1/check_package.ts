// What is to be said of an uploaded profile package: its faults, and its contents if it can be read.
import { AppError } from '../../base/app_error.ts';
import {
  checkProfilePackage,
  type Finding,
  inspectProfilePackage,
  type ProfilePackageInfo,
} from '../../modules/inventory/index.ts';

/** The findings, and the contents of a package that is whole enough to be read. Throws nothing about the package. */
export function checkPackage(bytes: Uint8Array): {
  findings: Finding[];
  info: ProfilePackageInfo | undefined;
} {
  return { findings: checkProfilePackage(bytes), info: inspectIfReadable(bytes) };
}

function inspectIfReadable(bytes: Uint8Array): ProfilePackageInfo | undefined {
  try {
    return inspectProfilePackage(bytes);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
