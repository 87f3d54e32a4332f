import { parseArgs } from 'node:util'

import { Failure } from '../system/failure.ts'

/** A FHIR base that was named on the command line, with the headers that open it. */
type NamedServer = { url: URL; headers: Record<string, string> }

const PARTS = ['queries', 'writes', 'limits'] as const
type Part = (typeof PARTS)[number]

export type RecordArguments = {
  servers: NamedServer[]
  /** Where loaded files stay for the next run; without it they are made anew and removed. */
  keep: string | undefined
  parts: ReadonlySet<Part>
  sizes: readonly number[]
  rounds: number
}

const USAGE =
  'npm run bench -- record [<base-url> …] [--bearer=<token>] [--header="Name: value"] [--sizes=10000,200000] [--rounds=12] [--only=queries,writes,limits] [--keep=<folder>]'

function headerOf(text: string): [string, string] {
  const at = text.indexOf(':')
  const [name, value] = [text.slice(0, at).trim().toLowerCase(), text.slice(at + 1).trim()]
  if (at < 1 || !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) || /[\r\n]/.test(value)) {
    throw new Failure(`--header must be "Name: value".\n${USAGE}`)
  }
  return [name, value]
}

function serverOf(text: string): URL {
  const url = URL.parse(text.replace(/\/+$/, ''))
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Failure(`"${text}" is not the address of a FHIR base.\n${USAGE}`)
  return url
}

function wholeNumbers(name: string, text: string): number[] {
  const numbers = text.split(',').map(Number)
  if (numbers.some((number) => !Number.isInteger(number) || number < 1 || number > 10_000_000))
    throw new Failure(`--${name} must be whole numbers.\n${USAGE}`)
  return numbers
}

function partsOf(text: string): Set<Part> {
  const parts = text.split(',')
  if (parts.some((part) => !(PARTS as readonly string[]).includes(part)))
    throw new Failure(`--only must be of ${PARTS.join(', ')}.\n${USAGE}`)
  return new Set(parts as Part[])
}

/** Reads the arguments of the bench. `--header` and `--bearer` open the address before them, or all when they come first. */
export function readArguments(args: readonly string[]): RecordArguments {
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      header: { type: 'string', multiple: true },
      bearer: { type: 'string', multiple: true },
      sizes: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string' },
      keep: { type: 'string' },
    },
    allowPositionals: true,
    tokens: true,
    strict: false,
  })
  const forAll: Record<string, string> = {}
  const servers: NamedServer[] = []
  const given = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind === 'positional') servers.push({ url: serverOf(token.value), headers: { ...forAll } })
    if (token.kind !== 'option') continue
    const { name, value } = token
    if (value === undefined || !['header', 'bearer', 'sizes', 'rounds', 'only', 'keep'].includes(name))
      throw new Failure(`"--${name}" cannot be used so.\n${USAGE}`)
    const headers = servers.at(-1)?.headers ?? forAll
    if (name === 'bearer') headers['authorization'] = headerOf(`authorization: Bearer ${value}`)[1]
    else if (name === 'header') Object.assign(headers, Object.fromEntries([headerOf(value)]))
    else given.set(name, value)
  }
  return {
    servers,
    keep: given.get('keep'),
    parts: partsOf(given.get('only') ?? PARTS.join(',')),
    sizes: wholeNumbers('sizes', given.get('sizes') ?? '10000,200000').toSorted((a, b) => a - b),
    rounds: wholeNumbers('rounds', given.get('rounds') ?? '12')[0] ?? 12,
  }
}
