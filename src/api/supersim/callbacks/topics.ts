// What callbacks are about: for each topic the events that are told, and the parameters that tell them.
import type { Event, EventType } from '../../../modules/events/index.ts';
import type { Ctx } from '../../http/core.ts';
import { ipCommandParams, smsCommandParams } from './command_params.ts';
import { esimProfileParams } from './esim_profile_params.ts';
import { simParams } from './sim_params.ts';

export type CallbackTopic = keyof typeof callbackTopics;

export type Topic = {
  types: readonly EventType[];
  /** Where less than that is told unless the account wants all. */
  typesOfAvailable?: readonly EventType[];
  params: WriteParams;
  /** True for a setting of a resource, which an update changes in part; others are asked for as a whole. */
  isSetting?: boolean;
};

/** The vendor's parameters; null for an event that is none of this topic. */
export type WriteParams = (ctx: Ctx, event: Event) => Promise<CallbackParams | null> | CallbackParams | null;

export type CallbackParams = Readonly<Record<string, string>>;

export const callbackTopics = {
  esim_profile: {
    types: [
      'esim.available',
      'esim.downloaded',
      'esim.installed',
      'esim.failed',
      'order.failed',
      'order.cancelled',
    ],
    typesOfAvailable: ['esim.available'],
    params: esimProfileParams,
  },
  sim: { types: ['sim.status_changed', 'sim.core_failed'], params: simParams },
  sms_command: {
    types: ['command.sent', 'command.delivered', 'command.failed'],
    params: smsCommandParams,
  },
  ip_command: { types: ['command.sent', 'command.failed'], params: ipCommandParams },
  fleet_sms_commands: { types: ['command.received'], params: smsCommandParams, isSetting: true },
  fleet_ip_commands: { types: ['command.received'], params: ipCommandParams, isSetting: true },
} as const satisfies Record<string, Topic>;

export function findTopic(name: string | null): Topic | undefined {
  return topics.get(name ?? '');
}

const topics = new Map<string, Topic>(Object.entries(callbackTopics));
