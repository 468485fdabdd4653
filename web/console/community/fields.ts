// The plain fields of a form as a table: how each is typed, and how it goes to and from the API.
import type { MessageKey } from '../../shared/messages';
import { localTime } from '../moment';

export interface Option {
  value: string;
  label: string;
}
export interface Field {
  /** As the API names it. */
  name: string;
  label: MessageKey;
  type: 'text' | 'lines' | 'number' | 'time' | 'choice' | 'tick' | 'area';
  required?: boolean;
  max?: number;
  min?: number;
  rows?: number;
  hint?: MessageKey;
  /** Of a choice; the first is taken where nothing is, unless the field may be empty. */
  options?: () => Option[];
  /** Over the whole width of the form. */
  isWide?: boolean;
  /** Asked only then. */
  when?: (draft: Draft) => boolean;
  /** It stays as it is once the thing is there. */
  isFixed?: boolean;
}
/** What a list can be narrowed by. */
export interface Choice {
  name: string;
  label: MessageKey;
  options: Option[];
  /** One of them always holds; without it all is shown. */
  isSet?: boolean;
}
/** What is typed, as text; a tick is true or false. */
export type Draft = Record<string, string | boolean>;

function typed(field: Field, value: unknown): string | boolean {
  if (field.type === 'tick') return value === true;
  if (field.type === 'time') return localTime(value);
  return value === undefined || value === null ? '' : String(value);
}

/** The draft of a thing that is there, or with `defaults` of a new one. */
export function draftOf(fields: readonly Field[], thing: object | null, defaults: Draft = {}): Draft {
  const known = (thing ?? {}) as Record<string, unknown>;
  return Object.fromEntries(fields.map((field) => [field.name, thing === null ? (defaults[field.name] ?? typed(field, undefined)) : typed(field, known[field.name])]));
}

function sent({ type }: Field, value: string | boolean): unknown {
  if (typeof value === 'boolean') return value;
  if (type === 'number' || type === 'area') return Number(value);
  if (type === 'time') return new Date(value).toISOString();
  return value.trim();
}

/** The members of a request; what is left empty is left out, which is how the API takes something away. */
export function bodyOf(fields: readonly Field[], draft: Draft): Record<string, unknown> {
  const said = fields.filter((field) => (field.when?.(draft) ?? true) && draft[field.name] !== undefined && String(draft[field.name]).trim() !== '');
  return Object.fromEntries(said.map((field) => [field.name, sent(field, draft[field.name] as string | boolean)]));
}
