// The test clock: moves the time of a sandbox account, and everything that is due on the way happens in its order.
// Emits: clock.moved. Invariants: a clock never goes back; when a move has been answered, nothing of the account that
// was due by then is left undone.
export { type MoveClock, moveClock } from './move_clock.ts';
