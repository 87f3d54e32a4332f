import { definitions } from '../definitions/definitions.ts'
import type { IndexTable } from '../parameters/condition.ts'
import type { Store } from '../store/store.ts'

const TABLES = {
  token: 'ix_tok',
  reference: 'ix_ref',
  string: 'ix_str',
  date: 'ix_date',
  number: 'ix_num',
  quantity: 'ix_num',
  uri: 'ix_uri',
  composite: 'ix_pair',
  special: 'ix_num',
} as const

export function tableOf(store: Store, type: string, code: string): { table: IndexTable; p: number } {
  const param = definitions.search[type]?.[code]
  return { table: TABLES[param?.type ?? 'token'], p: numberOf(store, type, code) }
}

export function numberOf(store: Store, type: string, code: string): number {
  return store.numbers.get(type)?.get(code) ?? -1
}
