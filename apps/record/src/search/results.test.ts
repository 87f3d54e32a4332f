import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answered } from '../testing/record.ts'
import { openSearchFixture } from '../testing/search-fixture.ts'
import type { TestStore } from '../testing/store.ts'
import { searchBundle } from './bundle.ts'
import { includedRows, type FoundRow } from './include.ts'
import { parseSearch } from './parse.ts'

let record: TestStore
const ids = (query: string) => record.ids(query).sort()

beforeAll(() => {
  record = openSearchFixture()
})
afterAll(() => record.close())

describe('results', () => {
  test('sort by several keys in both directions, and keep the order over pages', () => {
    expect(record.ids('Appointment?_sort=status,-date&_count=2')).toEqual([
      'a8',
      'a6',
      'a4',
      'a2',
      'a9',
      'a7',
      'a5',
      'a3',
      'a1',
    ])
    expect(record.ids('Appointment?patient=Patient/p1&_sort=-date&_count=2')).toEqual([
      'a5',
      'a4',
      'a3',
      'a2',
      'a1',
    ])
    expect(record.ids('Appointment?patient=Patient/p1&_sort=date&_count=2')).toEqual([
      'a1',
      'a2',
      'a3',
      'a4',
      'a5',
    ])
    expect(record.ids('Patient?_sort=family,given&_count=1')).toEqual(['p3', 'p2', 'p1', 'p4'])
    expect(record.ids('Patient?_sort=-_id&_count=3')).toEqual(['p4', 'p3', 'p2', 'p1'])
    expect(record.ids('Observation?_sort=-_lastUpdated&_count=1')).toEqual(['o3', 'o2', 'o1'])
    expect(record.ids('Observation?_sort=value-quantity')).toEqual(['o2', 'o1', 'o3'])
  })

  test.each(['status', '-status', '_tag', '-_tag', 'topic,-_id', 'url'])(
    'few and many resources are sorted alike by %s, whether their values come from the index or from themselves',
    (sort) => {
      // Beyond the basic plane, the order of UTF-16 is not that of the database.
      const tags = [
        ['b', 'z0'],
        ['a', 'z1'],
        ['\u{1F600}', '\uFFFD'],
        ['\u{10000}'],
        [],
        ['c', 'z2'],
        ['\uE000'],
      ]
      tags.forEach((codes, at) =>
        record.put({
          resourceType: 'Library',
          id: `l${at}`,
          status: at % 2 === 0 ? 'active' : 'draft',
          url: `http://x/${9 - at}`,
          type: { text: 'x' },
          identifier: [{ system: 'urn:l', value: 'all' }],
          meta: { tag: codes.map((code) => ({ code })) },
        }),
      )
      const all = record.ids(`Library?_sort=${sort}&_count=4`)
      expect(all).toHaveLength(tags.length)
      expect(record.ids(`Library?identifier=all&_sort=${sort}&_count=4`)).toEqual(all)
      expect(record.ids(`Library?identifier=all&_sort=${sort}`)).toEqual(all)
    },
  )

  test.each([1, 2, 100])('what has no date is the earliest, over pages of %i', (count) => {
    const page = `&_count=${count}`
    record.put({ resourceType: 'Observation', id: 'o0', status: 'final', code: { text: 'undated' } })
    expect(record.ids(`Observation?_sort=date${page}`)).toEqual(['o0', 'o1', 'o2', 'o3'])
    expect(record.ids(`Observation?_sort=-date${page}`)).toEqual(['o3', 'o2', 'o1', 'o0'])
    record.put({ resourceType: 'Task', id: 't1', status: 'draft', intent: 'order', authoredOn: '2026-01-01' })
    record.put({ resourceType: 'Task', id: 't2', status: 'draft', intent: 'order' })
    expect(record.ids(`Task?_sort=authored-on${page}`)).toEqual(['t2', 't1'])
    expect(record.ids(`Task?_sort=-authored-on${page}`)).toEqual(['t1', 't2'])
    record.store.db.run("DELETE FROM res WHERE id IN ('o0', 't1', 't2')")
    record.store.db.run('DELETE FROM ix_date WHERE r NOT IN (SELECT pk FROM res)')
  })

  test('a page between writes neither repeats nor loses what was there', () => {
    const first = record.bundle('Slot?schedule=Schedule/c1&_sort=start&_count=4')
    record.put({
      resourceType: 'Slot',
      id: 's0',
      status: 'busy',
      schedule: { reference: 'Schedule/c1' },
      start: '2026-03-01T08:00:00Z',
      end: '2026-03-01T08:10:00Z',
    })
    const next = first.link
      .find((link: Answered) => link.relation === 'next')
      .url.slice('http://record/'.length)
    expect(record.ids(next)).toEqual(['s5', 's6', 's7', 's8', 's9'])
    record.store.db.run("DELETE FROM res WHERE id = 's0'")
    record.store.db.run('DELETE FROM ix_ref WHERE r NOT IN (SELECT pk FROM res)')
  })

  test('_include, _revinclude and :iterate add each resource once and say so', () => {
    const modes = (query: string) =>
      record.bundle(query).entry.map((entry: Answered) => `${entry.resource.id}:${entry.search.mode}`)
    expect(
      modes('Appointment?_id=a1&_include=Appointment:slot&_include=Appointment:actor:Practitioner'),
    ).toEqual(['a1:match', 's1:include', 'd1:include'])
    expect(modes('Appointment?_id=a1&_include=Appointment:slot&_include:iterate=Slot:schedule')).toEqual([
      'a1:match',
      's1:include',
      'c1:include',
    ])
    expect(
      modes('Practitioner?_id=d1&_revinclude=Schedule:actor&_revinclude=Appointment:practitioner'),
    ).toHaveLength(11)
  })

  test('_total and _summary=count are exact', () => {
    expect(record.bundle('Appointment?status=booked&_summary=count')).toMatchObject({ total: 4 })
    expect(record.bundle('Appointment?status=booked&_summary=count').entry).toBeUndefined()
    expect(record.bundle('Appointment?_count=2&_total=accurate').total).toBe(9)
    expect(record.bundle('Appointment?_count=2').total).toBeUndefined()
  })

  test('_elements keeps what was asked for and what is mandatory, the id and the version, and marks it SUBSETTED', () => {
    expect(record.bundle('Slot?_id=s1&_elements=schedule,start').entry[0].resource).toEqual({
      resourceType: 'Slot',
      id: 's1',
      meta: {
        versionId: '1',
        tag: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }],
      },
      status: 'busy',
      schedule: { reference: 'Schedule/c1' },
      start: '2026-03-01T14:00:00Z',
      end: '2026-03-01T14:30:00Z',
    })
  })

  test('_summary gives what the definition flags, the text, or all but the text, and marks it SUBSETTED', () => {
    const resource = (query: string) => {
      const { meta, ...rest } = record.bundle(query).entry[0].resource
      expect(meta.tag.at(-1).code).toBe('SUBSETTED')
      expect(Object.keys(meta)).toEqual(expect.arrayContaining(['versionId', 'lastUpdated']))
      return rest
    }
    record.put({
      resourceType: 'Patient',
      id: 'whole',
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">a</div>' },
      extension: [{ url: 'http://x', valueDecimal: 1.5 }],
      birthDate: '1980-01-01',
      _birthDate: { extension: [{ url: 'http://x', valueString: 'a' }] },
      maritalStatus: { text: 'Unknown' },
      contact: [{ name: { family: 'x' } }],
      link: [{ other: { reference: 'Patient/p1' }, type: 'seealso', extension: [{ url: 'http://x' }] }],
    })
    const whole = record.bundle('Patient?_id=whole').entry[0].resource
    const { resourceType, id, text, birthDate, _birthDate, meta: _meta, ...others } = whole
    const [link] = whole.link
    expect(resource('Patient?_id=whole&_summary=true')).toEqual({
      resourceType,
      id,
      birthDate,
      _birthDate,
      link: [{ other: link.other, type: link.type }],
    })
    expect(resource('Patient?_id=whole&_summary=text')).toEqual({ resourceType, id, text })
    expect(resource('Patient?_id=whole&_summary=data')).toEqual({
      resourceType,
      id,
      birthDate,
      _birthDate,
      ...others,
    })
    expect(record.bundle('Patient?_id=whole&_summary=false').entry[0].resource).toEqual(whole)
    expect(resource('Slot?_id=s1&_summary=text')).toEqual({
      resourceType: 'Slot',
      id: 's1',
      schedule: { reference: 'Schedule/c1' },
      status: 'busy',
      start: '2026-03-01T14:00:00Z',
      end: '2026-03-01T14:30:00Z',
    })
    expect(resource('RiskAssessment?_id=r1&_summary=true')).toEqual({
      resourceType: 'RiskAssessment',
      id: 'r1',
      status: 'final',
      subject: { reference: 'Patient/p1' },
    })
    record.store.db.run("DELETE FROM res WHERE id = 'whole'")
  })

  test('what one answer may include has a limit, and the answer says that it was reached', () => {
    const request = parseSearch(
      { type: 'Practitioner', path: 'Practitioner', compartment: undefined },
      [
        ['_id', 'd1'],
        ['_revinclude', 'Appointment:actor'],
        ['_include:iterate', 'Appointment:patient'],
      ],
      false,
    )
    const matches = record.store.db.all<FoundRow>("SELECT pk, body FROM res WHERE id = 'd1'")
    const included = (limit?: number) => includedRows(record.store, request, matches, limit)
    expect([included().included.length, included().isCut]).toEqual([11, false])
    expect([included(11).included.length, included(11).isCut]).toEqual([11, false])
    expect([included(10).included.length, included(10).isCut]).toEqual([10, true])
    expect([included(4).included.length, included(4).isCut]).toEqual([4, true])
    const bundle = JSON.parse(
      searchBundle(record.store, request, { matches, ...included(4), total: 1, next: undefined }),
    )
    expect(bundle.entry.at(-1)).toMatchObject({
      search: { mode: 'outcome' },
      resource: { resourceType: 'OperationOutcome', issue: [{ severity: 'warning', code: 'incomplete' }] },
    })
  })

  test('_include=* and Type:* follow every reference', () => {
    const added = (query: string) =>
      record
        .bundle(query)
        .entry.filter((entry: Answered) => entry.search.mode === 'include')
        .map((entry: Answered) => entry.resource.id)
        .toSorted()
    expect(added('Appointment?_id=a1&_include=*')).toEqual(['d1', 'p1', 's1'])
    expect(added('Appointment?_id=a1&_include=Appointment:*&_include:iterate=Slot:*')).toEqual([
      'c1',
      'd1',
      'p1',
      's1',
    ])
    expect(added('Appointment?_id=a1&_include:iterate=*')).toEqual(['c1', 'd1', 'p1', 's1'])
  })

  test('references by URL are followed to what has that URL, and that version if one is asked for', () => {
    const url = 'http://example.org/q'
    for (const version of ['1', '2'])
      record.put({ resourceType: 'Questionnaire', id: `q${version}`, status: 'active', url, version })
    const answer = (id: string, questionnaire: string) =>
      record.put({ resourceType: 'QuestionnaireResponse', id, status: 'completed', questionnaire })
    answer('any', url)
    answer('second', `${url}|2`)
    answer('third', `${url}|3`)
    answer('elsewhere', `${url}/2`)
    const included = (query: string) =>
      (record.bundle(query).entry as Answered[])
        .filter((entry) => entry.search.mode === 'include')
        .map((entry) => String(entry.resource.id))
        .toSorted()
    const forward = (id: string, include = 'QuestionnaireResponse:questionnaire') =>
      included(`QuestionnaireResponse?_id=${id}&_include=${include}`)
    expect(forward('any')).toEqual(['q1', 'q2'])
    expect(forward('second')).toEqual(['q2'])
    expect(forward('second', '*')).toEqual(['q2'])
    expect(forward('any', 'QuestionnaireResponse:questionnaire:Questionnaire')).toEqual(['q1', 'q2'])
    expect(forward('any', 'QuestionnaireResponse:questionnaire:Measure')).toEqual([])
    expect([forward('third'), forward('elsewhere')]).toEqual([[], []])
    const backward = (id: string) =>
      included(`Questionnaire?_id=${id}&_revinclude=QuestionnaireResponse:questionnaire`)
    expect(ids('QuestionnaireResponse?questionnaire.version=1')).toEqual(['any'])
    expect(ids('QuestionnaireResponse?questionnaire:Questionnaire.version=2')).toEqual(['any', 'second'])
    expect(ids('QuestionnaireResponse?questionnaire.status=retired')).toEqual([])
    const has = '_has:QuestionnaireResponse:questionnaire'
    expect(ids(`Questionnaire?${has}:status=completed`)).toEqual(['q1', 'q2'])
    expect(ids(`Questionnaire?${has}:_id=second`)).toEqual(['q2'])
    expect(ids(`Questionnaire?${has}:_id=third,elsewhere`)).toEqual([])
    expect(backward('q1')).toEqual(['any'])
    expect(backward('q2')).toEqual(['any', 'second'])
  })

  test('five hundred ids in one parameter are searched at once', () => {
    const many = Array.from({ length: 500 }, (_one, at) => `c${at}`).join(',')
    expect(
      ids(
        `Slot?schedule=${many}&status=busy,busy-tentative&start=ge2026-03-08&start=lt2026-04-01&_elements=start`,
      ),
    ).toEqual(['s8', 's9'])
  })

  test('the newest index rows replace the old ones when a resource changes', () => {
    record.put({ resourceType: 'Practitioner', id: 'd2', name: [{ family: 'Renamed' }] })
    expect(ids('Practitioner?family=other')).toEqual([])
    expect(ids('Practitioner?family=renamed')).toEqual(['d2'])
  })
})
