// How far a device is with a profile: each event of an eSIM is a step of SGP.22's progress of a download, done or failed.
import type { Event, EventType } from '../../../modules/events/index.ts';

export type DownloadProgress = {
  download_progress_step: string;
  notification_point_description: string;
  notification_status: 'SUCCESS' | 'FAILED';
};

/** Null for an event that is no step. */
export function progressOf({ type, data }: Event): DownloadProgress | null {
  const step = steps.get(type);
  // Available again with a reason is what an installation that failed leaves behind.
  if (!step || (type === 'esim.available' && data['detail'] === undefined)) return null;
  const [name, description, status = 'SUCCESS'] = step;
  return {
    download_progress_step: name,
    notification_point_description: description,
    notification_status: status,
  };
}

type Step = readonly [name: string, description: string, status?: 'FAILED'];

const steps = new Map<EventType, Step>([
  ['esim.downloaded', ['BPP_DOWNLOAD', 'BPP Download']],
  ['esim.installed', ['BPP_INSTALLATION', 'BPP Installation']],
  ['esim.available', ['BPP_INSTALLATION', 'BPP Installation', 'FAILED']],
  ['esim.failed', ['BPP_INSTALLATION', 'BPP Installation', 'FAILED']],
  ['esim.enabled', ['PROFILE_ENABLED', 'Profile Enabled']],
  ['esim.disabled', ['PROFILE_DISABLED', 'Profile Disabled']],
  ['esim.deleted', ['PROFILE_DELETED', 'Profile Deleted']],
]);
