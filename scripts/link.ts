import { parseArgs } from 'node:util'
import { FhirClient, FhirError, fetchTransport } from '@openward/fhir-client'
import { DEMO_ACCOUNTS, type DemoAccount } from '@openward/population/accounts'

import { printable } from './import/words.ts'
import { setLink } from './link/links-file.ts'
import { addToPanel, clearPanel } from './link/panel.ts'
import { prepareDataFolder } from './system/data-folder.ts'
import { readSettings } from './system/env.ts'
import { Failure, runCommand } from './system/failure.ts'
import { requireFhirTarget } from './system/fhir-target.ts'

const HELP = `Lets a demo account be, or look after, a person of the record, such as an imported one.

  npm run link -- patient Patient/<id>        the account patient signs in as this person
  npm run link -- care-manager Patient/<id>   this person joins the panel of the care manager
  npm run link -- --clear <account>           undoes every link of the account

Openward must be running (npm start), or name its server: FHIR_BASE_URL=<address> FHIR_TOKEN=<token>.
`
const WITH_PANEL = ['care-manager', 'clinician', 'home-clinician']

function requireAccount(username: string): DemoAccount {
  const account = DEMO_ACCOUNTS.find((known) => known.username === username)
  if (account) return account
  const names = DEMO_ACCOUNTS.map((known) => known.username).join(', ')
  throw new Failure(`There is no account "${printable(username, 40)}". Accounts: ${names}`)
}

function isPatient(account: DemoAccount): boolean {
  return account.roles.includes('patient')
}

function requirePatientId(reference: string): string {
  const id = /^Patient\/([A-Za-z0-9\-.]{1,64})$/.exec(reference)?.[1]
  if (id === undefined)
    throw new Failure(`Name the person as Patient/<id>, not "${printable(reference, 80)}".`)
  return id
}

function clientFor(settings: ReturnType<typeof readSettings>, account: DemoAccount): FhirClient {
  const { baseUrl, headers = {} } = requireFhirTarget(settings, account.organization)
  return new FhirClient(fetchTransport({ baseUrl, headers: () => headers }))
}

async function requirePatient(client: FhirClient, patientId: string): Promise<void> {
  const patient = await client.read('Patient', patientId)
  if (patient.active === false || patient.link?.some(({ type }) => type === 'replaced-by')) {
    throw new Failure(`Patient/${patientId} is not in use any more. Link the person it was merged into.`)
  }
}

async function link(account: DemoAccount, reference: string): Promise<string> {
  const settings = readSettings()
  const patientId = requirePatientId(reference)
  if (!isPatient(account) && !account.roles.some((role) => WITH_PANEL.includes(role))) {
    throw new Failure(`${account.username} has no panel: people cannot be linked to this account.`)
  }
  const client = clientFor(settings, account)
  await requirePatient(client, patientId)
  if (isPatient(account)) {
    prepareDataFolder(settings.dataFolder)
    setLink(settings.dataFolder, account.username, `Patient/${patientId}`)
    return `The account ${account.username} is now Patient/${patientId}, from the next sign-in on.`
  }
  const outcome = await addToPanel(client, account, patientId)
  return outcome === 'already'
    ? `Patient/${patientId} was on the panel of ${account.username} (${account.name}) already.`
    : `Patient/${patientId} is now on the panel of ${account.username} (${account.name}).`
}

async function clear(account: DemoAccount): Promise<string> {
  const settings = readSettings()
  if (isPatient(account)) {
    prepareDataFolder(settings.dataFolder)
    setLink(settings.dataFolder, account.username, undefined)
    return `The account ${account.username} is ${account.name} again, from the next sign-in on.`
  }
  const count = await clearPanel(clientFor(settings, account), account)
  return `${count} linked ${count === 1 ? 'person' : 'people'} left the panel of ${account.username} (${account.name}).`
}

function readArguments(): { account: string; reference?: string; isHelp: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { clear: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    })
    if (values.help) return { account: '', isHelp: true }
    if (values.clear !== undefined && positionals.length === 0)
      return { account: values.clear, isHelp: false }
    const [account, reference, ...more] = positionals
    if (values.clear === undefined && account !== undefined && reference !== undefined && more.length === 0) {
      return { account, reference, isHelp: false }
    }
  } catch (error) {
    throw new Failure(`${(error as Error).message}\n\n${HELP}`)
  }
  throw new Failure(`Say which account and which person.\n\n${HELP}`)
}

/** A failure of the server in a sentence; anything else is a defect and keeps its stack. */
function asFailure(error: unknown, reference: string | undefined): unknown {
  if (!(error instanceof FhirError)) return error
  const isMissing = error.code === 'not-found' || error.code === 'gone'
  if (isMissing) return new Failure(`There is no ${printable(reference ?? 'such record', 80)} in the record.`)
  return new Failure(`The record did not answer as it should (${error.code}). Is Openward running?`)
}

async function main(): Promise<void> {
  const { account: username, reference, isHelp } = readArguments()
  if (isHelp) {
    process.stdout.write(HELP)
    return
  }
  const account = requireAccount(username)
  try {
    const done = reference === undefined ? clear(account) : link(account, reference)
    process.stdout.write(`${await done}\n`)
  } catch (error) {
    throw asFailure(error, reference)
  }
}

await runCommand(main)
