import { isObject, type JsonObject, parseBody } from '../fhir/json.ts'
import { invalidRequest, notFound, type OutcomeIssue, outcomeJson, Refusal } from '../fhir/outcome.ts'
import { findResource, type Store } from '../store/store.ts'
import { coreTypeOf } from '../validation/profiles/core.ts'
import { KnownProfiles } from '../validation/profiles/known.ts'
import { validate } from '../validation/validate.ts'
import type { Answer } from '../writer/interaction.ts'
import { WRITTEN_ONCE } from '../writer/write.ts'
import type { Operation, OperationCall } from './operation.ts'

/**
 * Type/$validate and Type/id/$validate: what is wrong with a resource, or with writing or deleting it; nothing is stored.
 * @see https://hl7.org/fhir/R4/resource-operation-validate.html
 */
export const VALIDATE: Operation = {
  name: 'validate',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
  levels: ['type', 'instance'],
  methods: ['GET', 'POST'],
  mostBodyBytes: 2 * 1024 * 1024,
  run: answerValidate,
}

const MODES = new Set(['create', 'update', 'delete', 'profile'])

interface Question {
  resource: JsonObject | undefined
  mode: string | undefined
  profiles: string[]
}

function answerValidate({ organization, interaction, type, id }: OperationCall): Answer {
  const store = organization.reader
  const question = readQuestion(interaction.body, new URLSearchParams(interaction.query), type)
  const issues =
    question.mode === 'delete'
      ? deletionProblems(store, String(type), id)
      : writeProblems(store, String(type), id, question)
  const found: OutcomeIssue[] =
    issues.length > 0
      ? issues
      : [{ severity: 'information', code: 'informational', details: { text: 'Nothing is wrong with it.' } }]
  return { status: 200, body: outcomeJson(found) }
}

function readQuestion(text: string | undefined, query: URLSearchParams, type: string | undefined): Question {
  const body = text === undefined || text === '' ? undefined : parseBody(text)
  const parts = body?.['resourceType'] === 'Parameters' ? body['parameter'] : undefined
  const parameters = Array.isArray(parts) ? parts.filter(isObject) : []
  const sent = parameters.find((one) => one['name'] === 'resource')?.['resource']
  // What is asked about may itself be Parameters.
  const isQuestion = body?.['resourceType'] === 'Parameters' && (type !== 'Parameters' || sent !== undefined)
  const given = isQuestion ? sent : body
  const mode = isQuestion ? textOf(parameters, 'mode')[0] : undefined
  const profiles = isQuestion ? textOf(parameters, 'profile') : []
  const chosen = mode ?? query.get('mode') ?? undefined
  if (chosen !== undefined && !MODES.has(chosen))
    throw invalidRequest('"mode" must be create, update, delete or profile.', 'mode')
  return {
    resource: isObject(given) ? given : undefined,
    mode: chosen,
    profiles: [...profiles, ...query.getAll('profile')],
  }
}

function textOf(parameters: JsonObject[], name: string): string[] {
  return parameters
    .filter((one) => one['name'] === name)
    .map((one) => one['valueCode'] ?? one['valueUri'] ?? one['valueCanonical'] ?? one['valueString'])
    .filter((value) => typeof value === 'string')
}

function writeProblems(
  store: Store,
  type: string,
  id: string | undefined,
  question: Question,
): OutcomeIssue[] {
  const resource = question.resource ?? stored(store, type, id)
  if (resource['resourceType'] !== type)
    return [problem('structure', `The resource must be a ${type}.`, 'resourceType')]
  const issues: OutcomeIssue[] = []
  const mustHaveId = question.mode === 'update' || id !== undefined
  if (mustHaveId && (resource['id'] === undefined || (id !== undefined && resource['id'] !== id)))
    issues.push(problem('value', 'The id in the body must be the id of the resource.', `${type}.id`))
  if (question.mode === 'update' && WRITTEN_ONCE.has(type))
    issues.push(problem('business-rule', `${type} is written once: it is never changed.`, type))
  for (const canonical of question.profiles) {
    if (coreTypeOf(canonical) === undefined && KnownProfiles.of(store).profile(canonical) === undefined)
      issues.push(problem('not-found', 'The profile that is asked for is not stored here.', 'profile'))
  }
  const { errors, gaps } = validate(resource, store, question.profiles)
  const warnings = gaps.map((text): OutcomeIssue => ({
    severity: 'warning',
    code: 'incomplete',
    details: { text },
  }))
  return [...issues, ...errors, ...warnings]
}

function stored(store: Store, type: string, id: string | undefined): JsonObject {
  if (id === undefined) throw invalidRequest('There is no resource to look at.', 'resource')
  const found = findResource(store, type, id)
  if (found === undefined) throw notFound()
  if (found.isDeleted) throw new Refusal(410, 'deleted', 'The resource was deleted.')
  return parseBody(found.body)
}

function deletionProblems(store: Store, type: string, id: string | undefined): OutcomeIssue[] {
  if (id === undefined)
    throw invalidRequest('A deletion is asked about for one resource: Type/id/$validate.', 'mode')
  if (WRITTEN_ONCE.has(type))
    return [problem('business-rule', `${type} is written once: it is never deleted.`, type)]
  const found = findResource(store, type, id)
  return found === undefined || found.isDeleted
    ? [problem('not-found', 'There is no such resource.', type)]
    : []
}

function problem(code: string, text: string, expression: string): OutcomeIssue {
  return { severity: 'error', code, details: { text }, expression: [expression] }
}
