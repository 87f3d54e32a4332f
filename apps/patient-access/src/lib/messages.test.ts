import { expect, test } from 'vitest'

import english from '../../messages/en.json'
import spanish from '../../messages/es.json'

type Tree = { [name: string]: string | Tree }

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') all.set(prefix + name, value)
    else for (const [key, text] of flat(value, `${prefix}${name}.`)) all.set(key, text)
  }
  return all
}

/** Names of the values a message takes. */
function valuesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\s*(\w+)\s*[,}]/g)].map(([, name]) => name ?? ''))].toSorted()
}

const en = flat(english)
const es = flat(spanish)

test('both languages say the same things', () => {
  expect(en.size).toBeGreaterThan(300)
  expect([...es.keys()].toSorted()).toEqual([...en.keys()].toSorted())
})

test('both languages take the same values', () => {
  for (const [key, text] of en) expect([key, valuesOf(es.get(key) ?? '')]).toEqual([key, valuesOf(text)])
})

test('no message shouts or is empty', () => {
  for (const [key, text] of [...en, ...es]) {
    expect([key, text.trim()]).not.toEqual([key, ''])
    expect([key, /[!¡]/.test(text)]).toEqual([key, false])
  }
})
