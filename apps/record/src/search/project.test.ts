import fc from 'fast-check'
import { expect, test } from 'vitest'
import { project } from './project.ts'

test('cutting a stored body gives what parsing and picking gives, whatever the values look like', () => {
  const names = fc.constantFrom('a', 'b', '_a', 'status')
  const bodies = fc.tuple(
    fc.dictionary(names, fc.jsonValue(), { maxKeys: 5 }),
    fc.string(),
    fc.subarray(['a', 'b', 'status']),
  )
  fc.assert(
    fc.property(bodies, ([rest, tricky, wanted]) => {
      const resource = {
        resourceType: 'Slot',
        id: '1',
        meta: { versionId: '3', source: tricky },
        text: tricky,
        ...rest,
        last: tricky,
      }
      const cut = JSON.parse(project(JSON.stringify(resource), new Set(wanted)))
      const { meta, ...others } = cut
      const kept = Object.entries(resource).filter(
        ([key]) => ['resourceType', 'id'].includes(key) || wanted.includes(key.replace(/^_/, '')),
      )
      expect(others).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(kept))))
      expect(meta.versionId).toBe('3')
      expect(meta.tag[0].code).toBe('SUBSETTED')
    }),
    { numRuns: 500 },
  )
})
