import { z } from 'zod'

/** What can be wrong with a field; a schema's `message` is one of these, and screens choose words by it. */
export const FIELD_PROBLEMS = [
  'required',
  'too-long',
  'value',
  'control-characters',
  'phone',
  'language',
] as const
export type FieldProblem = (typeof FIELD_PROBLEMS)[number]

export const MAX_TEXT_LENGTH = 1_000

function problem(code: FieldProblem): FieldProblem {
  return code
}

/** Control characters hide in records and break exports; line feed and tab are text. Half a surrogate pair is not text. */
function hasControlCharacters(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if ((code < 0x20 && code !== 0x0a && code !== 0x09) || (code >= 0x7f && code <= 0x9f)) return true
  }
  return !text.isWellFormed()
}

/** Digits with the usual punctuation, 7 to 15 of them (E.164 allows 15). One character class: no backtracking. */
function isPhone(text: string): boolean {
  if (!/^\+?[0-9 ().-]{7,30}$/.test(text)) return false
  const digits = text.replace(/[^0-9]/g, '').length
  return digits >= 7 && digits <= 15
}

/** Text of a person: trimmed, line ends as line feeds, at most 1,000 characters, no control characters. */
export const textSchema = z
  .string(problem('value'))
  .max(MAX_TEXT_LENGTH, problem('too-long'))
  .overwrite((text) => text.replaceAll('\r\n', '\n').trim())
  .refine((text) => !hasControlCharacters(text), problem('control-characters'))

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/

/** A language tag such as `es` or `pt-BR`. */
export const languageSchema = z.string(problem('value')).regex(LANGUAGE, problem('language'))

/** A form's field that is left empty is absent. */
function absentWhenEmpty(text: string): string | undefined {
  return text === '' ? undefined : text
}

const optionalText = textSchema.transform(absentWhenEmpty).optional()

/** What a person says about a visit; one schema for the form and for `$book`. Every field may be left out or empty. */
export const bookingDetailsSchema = z.object({
  reason: optionalText,
  comment: optionalText,
  contactPhone: textSchema
    .refine((text) => text === '' || isPhone(text), problem('phone'))
    .transform(absentWhenEmpty)
    .optional(),
  interpreterLanguage: z
    .string(problem('value'))
    .refine((text) => text === '' || LANGUAGE.test(text), problem('language'))
    .transform(absentWhenEmpty)
    .optional(),
  accessNeeds: optionalText,
})

/** What the form holds while it is filled in. */
export type BookingDetailsForm = z.input<typeof bookingDetailsSchema>
export type BookingDetails = z.output<typeof bookingDetailsSchema>
