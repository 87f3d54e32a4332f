import { z } from 'zod'

function isPhone(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '').length
  return /^\+?[0-9 ().-]{7,30}$/.test(text) && digits >= 7 && digits <= 15
}

const short = z
  .string('value')
  .trim()
  .max(120, 'too-long')
  .refine((text) => !/\p{Cc}/u.test(text), 'control-characters')

/** What people may change about themselves. The record's other parts are the clinic's to change. */
export const profileSchema = z.object({
  preferredName: short,
  phone: short.refine((text) => text === '' || isPhone(text), 'phone'),
  email: short.refine((text) => text === '' || z.email().safeParse(text).success, 'email'),
  language: z.string('value').regex(/^([a-z]{2,3}(-[A-Za-z0-9]{2,8})?)?$/, 'language'),
  line: short,
  line2: short,
  city: short,
  state: short,
  postalCode: short,
  country: short,
})

export type ProfileForm = z.input<typeof profileSchema>
export const PROFILE_FIELDS = [
  'preferredName',
  'phone',
  'email',
  'language',
  'line',
  'line2',
  'city',
  'state',
  'postalCode',
  'country',
] as const satisfies readonly (keyof ProfileForm)[]
export type ProfileField = (typeof PROFILE_FIELDS)[number]
