// Why a protected block was refused, so that an eUICC can answer scp03tStructureError or scp03tSecurityError.
import { AppError } from '../base/app_error.ts';

export class BlockError extends AppError {
  readonly fault: 'structure' | 'security';

  constructor(fault: 'structure' | 'security', detail: string) {
    super('malformed_der', detail);
    this.fault = fault;
  }
}
