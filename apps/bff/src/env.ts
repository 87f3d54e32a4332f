import { z } from 'zod'

const origin = z
  .url({ protocol: /^https?$/ })
  .transform((text) => new URL(text))
  .refine(
    (url) => url.pathname === '/' && !url.search && !url.hash && !url.username,
    'must be an origin, without a path',
  )
  .transform((url) => url.origin)
const organization = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a short name of lower-case letters, digits and hyphens')
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most))

function json(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' })
    return z.NEVER
  }
}

const trustedIssuer = z.object({
  issuer: z.url({ protocol: /^https?$/ }),
  jwks: z.url({ protocol: /^https?$/ }),
  audience: z.array(z.string().min(1)).min(1),
  kind: z.enum(['local', 'entra', 'external-id']),
  organization: organization.optional(),
})

const settings = z
  .object({
    PORT: wholeNumber(0, 65_535).default(3000),
    HOST: z.string().min(1).default('127.0.0.1'),
    PUBLIC_ORIGIN: origin.default('http://localhost:3000'),
    FHIR_BASE_URL: z
      .string()
      .refine(
        (text) => URL.canParse(text.replace('{organization}', 'x')),
        'must be an address, with or without {organization}',
      ),
    FHIR_AUTH: z.enum(['none', 'bearer']).default('none'),
    FHIR_TOKEN: z.string().min(1).optional(),
    FHIR_ORGANIZATION: organization.default('openward'),
    TRUSTED_ISSUERS: z.string().transform(json).pipe(z.array(trustedIssuer).min(1)),
    UPSTREAMS: z
      .string()
      .default('{}')
      .transform(json)
      .pipe(z.record(z.string().regex(/^\/[a-z-]+$/), origin)),
    OPENWARD_DATA: z.string().min(1).default('.data'),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    RATE_LIMIT_PER_MINUTE: wholeNumber(1, 1_000_000).default(600),
  })
  .refine((env) => env.FHIR_AUTH !== 'bearer' || env.FHIR_TOKEN !== undefined, {
    path: ['FHIR_TOKEN'],
    message: 'is needed when FHIR_AUTH is bearer',
  })

export type TrustedIssuer = z.infer<typeof trustedIssuer>

/** What the BFF reads from its environment, checked once at start. */
export type Env = z.infer<typeof settings>

/** Reads and checks the settings; throws an error that names every wrong one, and no value. */
export function readEnv(values: Record<string, string | undefined> = process.env): Env {
  const result = settings.safeParse(values)
  if (result.success) return result.data
  const lines = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Error(`Wrong settings:\n${lines.join('\n')}`)
}
