// What an operator is told of a download by ES2+.HandleDownloadProgressInfo (SGP.22 §5.3.5): the points, and the row of one report.
import type { FunctionExecutionStatus } from '../../../rsp/function_execution_status.ts';
import type { EventType } from '../../events/index.ts';

/** notificationPointId. Those from 101 are our own, for requesters that want them. */
export const progressPoints = {
  eligibility: 1,
  confirmationCode: 2,
  packageDelivered: 3,
  installation: 4,
  enabled: 101,
  disabled: 102,
  deleted: 103,
} as const;

export type ProgressPoint = keyof typeof progressPoints;

/** The point that an event of a profile is, where no other one is named. */
export const pointOfEvent: Partial<Record<EventType, ProgressPoint>> = {
  'profile.downloaded': 'packageDelivered',
  'profile.installed': 'installation',
  'profile.download_failed': 'installation',
  'profile.enabled': 'enabled',
  'profile.disabled': 'disabled',
  'profile.deleted': 'deleted',
};

/** A report that waits to be taken. */
export type ProgressReport = {
  position: bigint;
  requesterId: string;
  iccid: string;
  eid: string | null;
  profileType: string;
  point: number;
  status: FunctionExecutionStatus;
  resultData: Uint8Array | null;
  at: Date;
  /** This one included. */
  attempts: number;
};
