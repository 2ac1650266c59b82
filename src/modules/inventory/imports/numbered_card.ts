// What is known of a card and of its faults by the number of its line.
import type { FieldError } from '../../../base/app_error.ts';
import type { NewSimProfile } from '../add_stock.ts';

export type NumberedCard = { line: number; card: NewSimProfile };

export type LineFault = FieldError & { line: number };
