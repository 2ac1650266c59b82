// A software eUICC: takes the bytes of one ES10 command, answers as SGP.22 §5.7 says, and installs all of a profile or nothing.
import { AppError } from '../base/app_error.ts';
import { malformed, readTlv, tagName } from '../der/tlv.ts';
import type { CardState } from './card_state.ts';
import { authenticateServer } from './euicc/authenticate_server.ts';
import { cancelSession } from './euicc/cancel_session.ts';
import type { Command } from './euicc/command.ts';
import { readCredential } from './euicc/credential.ts';
import { deleteProfile } from './euicc/delete_profile.ts';
import { disableProfile } from './euicc/disable_profile.ts';
import { enableProfile } from './euicc/enable_profile.ts';
import type { Euicc } from './euicc/euicc.ts';
import { euiccMemoryReset } from './euicc/euicc_memory_reset.ts';
import { interruptLoading } from './euicc/finish_loading.ts';
import { getEid } from './euicc/get_eid.ts';
import { getEuiccChallenge } from './euicc/get_euicc_challenge.ts';
import { getEuiccConfiguredAddresses } from './euicc/get_euicc_configured_addresses.ts';
import { getEuiccInfo1 } from './euicc/get_euicc_info1.ts';
import { getEuiccInfo2 } from './euicc/get_euicc_info2.ts';
import { getProfilesInfo } from './euicc/get_profiles_info.ts';
import { getRat } from './euicc/get_rat.ts';
import { listNotification } from './euicc/list_notification.ts';
import { loadBoundProfilePackage } from './euicc/load_bound_profile_package.ts';
import { prepareDownload } from './euicc/prepare_download.ts';
import { removeNotificationFromList } from './euicc/remove_notification_from_list.ts';
import { retrieveNotificationsList } from './euicc/retrieve_notifications_list.ts';
import { setDefaultDpAddress } from './euicc/set_default_dp_address.ts';
import { setNickname } from './euicc/set_nickname.ts';
import { StatusWordError } from './euicc/status_word_error.ts';
import { authenticateUsim, type UsimAnswer, type UsimChallenge } from './usim/authenticate_usim.ts';

export type Card = {
  /** What the card remembers; read it, never change it from outside. */
  readonly state: CardState;
  /**
   * One ES10 command, or one segment of a bound profile package, and its answer. Throws `StatusWordError` for what a card
   * answers with a status word only: unknown (6A88), malformed (6A80) or out of place (6985).
   */
  storeData(command: Uint8Array): Uint8Array;
  /** A network's challenge to the enabled profile, and its answer. Throws as `authenticateUsim`. */
  authenticate(challenge: UsimChallenge): UsimAnswer;
};

export type CardOptions = {
  /** The card's clock, for certificate dates. */
  now?: () => Date;
  /** Called after every command that changed the state, before its answer is given. */
  onChange?: (state: CardState) => void;
  /** False spares the check of every profile element, 0.5 ms; the identity of the profile is checked all the same. */
  interpretsProfiles?: boolean;
};

/** A card with this state, powered on: a download that was being loaded is over, with a result that says so. */
export function createCard(state: CardState, options: CardOptions = {}): Card {
  const euicc: Euicc = {
    state,
    credentials: state.credentials.map((stored) => readCredential(stored)),
    session: { state: 'idle' },
    now: options.now ?? (() => new Date()),
    interpretsProfiles: options.interpretsProfiles ?? true,
    changed: false,
  };
  const save = () => {
    if (euicc.changed) options.onChange?.(state);
    euicc.changed = false;
  };
  interruptLoading(euicc);
  save();
  return {
    state,
    storeData(command) {
      try {
        return execute(euicc, command);
      } finally {
        save();
      }
    },
    authenticate(challenge) {
      const answer = authenticateUsim(state, challenge);
      euicc.changed = answer.result === 'success';
      save();
      return answer;
    },
  };
}

const commands = new Map<number, Command>([
  [0xbf20, getEuiccInfo1],
  [0xbf21, prepareDownload],
  [0xbf22, getEuiccInfo2],
  [0xbf28, listNotification],
  [0xbf29, setNickname],
  [0xbf2b, retrieveNotificationsList],
  [0xbf2d, getProfilesInfo],
  [0xbf2e, getEuiccChallenge],
  [0xbf30, removeNotificationFromList],
  [0xbf31, enableProfile],
  [0xbf32, disableProfile],
  [0xbf33, deleteProfile],
  [0xbf34, euiccMemoryReset],
  [0xbf38, authenticateServer],
  [0xbf3c, getEuiccConfiguredAddresses],
  [0xbf3e, getEid],
  [0xbf3f, setDefaultDpAddress],
  [0xbf41, cancelSession],
  [0xbf43, getRat],
]);

/** Tags that start or continue a bound profile package. */
export const segmentTags: readonly number[] = [0xbf36, 0xa0, 0xa1, 0xa2, 0xa3, 0x86, 0x87, 0x88];

function execute(euicc: Euicc, bytes: Uint8Array): Uint8Array {
  try {
    const tag = leadingTag(bytes);
    const command = commands.get(tag);
    if (command) return command(euicc, readTlv(bytes));
    if (euicc.session.state === 'loading' || segmentTags.includes(tag))
      return loadBoundProfilePackage(euicc, bytes);
    throw new StatusWordError('unknownCommand', `there is no command ${tagName(tag)}`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new StatusWordError('wrongData', error.detail, error);
  }
}

/** Only the tag is read here: a segment cut short within its head has to reach the loader, which reports it. */
function leadingTag(bytes: Uint8Array): number {
  const [first, second = 0] = bytes;
  if (first === undefined) throw malformed('an empty command');
  return (first & 0x1f) === 0x1f ? first * 256 + second : first;
}
