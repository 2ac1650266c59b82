// Notifications of this door: registered for one SIM and one type each, and told in the words of the vendor.

export { connectDialects } from './dialect.ts';
export { findNotification, type Notification } from './notification.ts';
export {
  listNotifications,
  removeNotification,
  type SetNotification,
  setNotification,
} from './set_notification.ts';
