import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { Organization } from '../http/organization.ts'
import type { Answer, Interaction } from '../writer/interaction.ts'

/** One call of a `$operation`; `interaction.body` is read for POST. */
export interface OperationCall {
  organization: Organization
  interaction: Interaction
  /** For what waits: its socket tells when the client has gone. */
  request: IncomingMessage
  /** The resource type and id before the `$`, checked; undefined on the levels above. */
  type: string | undefined
  id: string | undefined
}

/** What an operation answers beyond what a writer can: another content type, or a body that is sent as it is read. */
export interface OperationAnswer extends Answer {
  contentType?: string
  /** Sent instead of `body`. */
  stream?: Readable
}

export type Level = 'system' | 'type' | 'instance'

/** A row of the table from which routing and the CapabilityStatement come. */
export interface Operation {
  /** Without the `$`. */
  name: string
  /** Canonical of the OperationDefinition; an operation without one is internal and is not told. */
  definition?: string
  levels: readonly Level[]
  /** The resource types of the levels `type` and `instance`; undefined means all. */
  types?: readonly string[]
  /** Less than other bodies may have, where the work is done between the answers to others. */
  mostBodyBytes?: number
  methods: readonly ('GET' | 'POST' | 'DELETE')[]
  /** The body is not read before: the operation takes it from the request as it comes, however long it is. */
  readsBodyItself?: true
  run: (call: OperationCall) => OperationAnswer | Promise<OperationAnswer>
}
