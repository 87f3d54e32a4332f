import { parseArgs } from 'node:util'

import { printable } from '../import/words.ts'
import type { readSettings } from '../system/env.ts'
import { Failure } from '../system/failure.ts'
import { requireFhirTarget } from '../system/fhir-target.ts'
import { CAPABILITY_NAMES, type CapabilityName } from './capabilities.ts'

export const HELP = `Finds out whether Openward can run on a FHIR R4 server, and whether booking is safe on it.

  npm run conformance -- [<base-url>] [options]

Without an address: the record of the Openward that runs here (npm start), or FHIR_BASE_URL=<address>.

  --bearer <token>          the token to send; better FHIR_TOKEN=<token>, which other programs do not see
  --header "Name: value"    a header to send with every request; may be repeated
  --organization <name>     takes the place of {organization} in the address (openward)
  --save                    keeps the verdict in the server: without it, bookings on that server are refused
  --only <name,name>        only these checks (--list names them)
  --list                    the checks, and what Openward does without those that it can do without
  --json                    one JSON object instead of lines

It stores small resources with a tag of their own and deletes them at the end. The exit code is 1 when something that
Openward depends on is missing.
`

type Wanted = {
  baseUrl: string
  headers: Record<string, string>
  only: CapabilityName[] | undefined
  mustSave: boolean
  asJson: boolean
}
export type Asked = Wanted | 'help' | 'list'

function headerFrom(text: string): [string, string] {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*([^\r\n]*)$/.exec(text)
  if (match?.[1] === undefined || match[2] === undefined)
    throw new Failure('A header is written as "Name: value".')
  return [match[1].toLowerCase(), match[2].trim()]
}

function namesFrom(text: string | undefined): CapabilityName[] | undefined {
  if (text === undefined) return undefined
  const asked = text.split(',').map((name) => name.trim())
  const unknown = asked.find((name) => !(CAPABILITY_NAMES as string[]).includes(name))
  if (unknown !== undefined)
    throw new Failure(`There is no check "${printable(unknown, 40)}". See: npm run conformance -- --list`)
  return CAPABILITY_NAMES.filter((name) => asked.includes(name))
}

function baseFrom(address: string, organization: string): string {
  const text = address.replaceAll('{organization}', organization).replace(/\/+$/, '')
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new Failure(`"${printable(address, 120)}" is not the address of a FHIR server.`)
  if (url.username !== '' || url.password !== '')
    throw new Failure('Give no user and password in the address; use --header "Authorization: …".')
  return text
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        bearer: { type: 'string' },
        header: { type: 'string', multiple: true, default: [] },
        organization: { type: 'string', default: 'openward' },
        only: { type: 'string' },
        save: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    throw new Failure(`${(error as Error).message}\n\n${HELP}`)
  }
}

/** A token of the environment belongs to the server that FHIR_BASE_URL names, when it names one. */
function tokenFor(baseUrl: string, { FHIR_TOKEN, FHIR_BASE_URL }: ReturnType<typeof readSettings>) {
  const isItsOwn = FHIR_BASE_URL === undefined || new URL(FHIR_BASE_URL).origin === new URL(baseUrl).origin
  return isItsOwn ? FHIR_TOKEN : undefined
}

/** What the command line asks for. */
export function readArguments(settings: ReturnType<typeof readSettings>): Asked {
  const { values, positionals } = parse()
  if (values.help) return 'help'
  if (values.list) return 'list'
  const [address, ...more] = positionals
  if (more.length > 0) throw new Failure(`Name one server.\n\n${HELP}`)
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(values.organization))
    throw new Failure(`"${printable(values.organization, 40)}" is not the name of an organization.`)
  const only = namesFrom(values.only)
  if (only !== undefined && values.save)
    throw new Failure('Only a whole run can be saved: leave out --only or --save.')
  const running = address === undefined ? requireFhirTarget(settings, values.organization) : undefined
  const baseUrl = baseFrom(running?.baseUrl ?? address ?? '', values.organization)
  const token = values.bearer ?? (running ? undefined : tokenFor(baseUrl, settings))
  return {
    baseUrl,
    headers: {
      ...running?.headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...Object.fromEntries(values.header.map(headerFrom)),
    },
    only,
    mustSave: values.save,
    asJson: values.json,
  }
}
