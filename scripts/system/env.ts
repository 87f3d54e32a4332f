import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

import { Failure } from './failure.ts'

/** The project's root folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

const optionalText = z.string().trim().min(1).optional()

const schema = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  OPENWARD_DATA: z.string().trim().min(1).default('.data'),
  OPENWARD_POPULATION: z
    .union([z.enum(['demo', 'empty']), z.coerce.number().int().min(1).max(1_000_000)])
    .default('demo'),
  FHIR_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  FHIR_AUTH: z.enum(['none', 'bearer']).optional(),
  FHIR_TOKEN: optionalText,
  FHIR_ORGANIZATION: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('openward'),
  ENTRA_TENANT_ID: optionalText,
  ENTRA_CLIENT_ID: optionalText,
  ENTRA_API_CLIENT_ID: optionalText,
  ENTRA_AUTHORITY: z.url().optional(),
  OPENWARD_CHROMIUM: optionalText,
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).optional(),
  OPENWARD_CWD: optionalText,
})

type Settings = z.infer<typeof schema> & { dataFolder: string; workingFolder: string }

/** Settings of the commands, from the environment. A wrong value ends the command with a sentence that names it. */
export function readSettings(source: NodeJS.ProcessEnv = process.env): Settings {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(present)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const name = String(issue?.path[0])
    throw new Failure(
      `The setting ${name}=${source[name]} cannot be used: ${issue?.message ?? 'wrong value'}.`,
    )
  }
  const { OPENWARD_DATA: data } = parsed.data
  return {
    ...parsed.data,
    dataFolder: isAbsolute(data) ? data : resolve(ROOT, data),
    workingFolder: parsed.data.OPENWARD_CWD ?? process.cwd(),
  }
}

/** The environment that child processes inherit: nothing of ours leaks into them but what is named for each. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  const own = new Set(Object.keys(schema.shape))
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.has(name)))
}
