import { expect, test } from 'vitest'
import { addressLines } from './address.ts'
import { formatPersonName, type HumanName } from './person-name.ts'

const en = { locale: 'en' }

test.each<[string, HumanName | HumanName[] | undefined, string]>([
  ['given and family', { given: ['Ada', 'M.'], family: 'Vance' }, 'Ada M. Vance'],
  ['one letter', { family: 'O' }, 'O'],
  ['the surname Null', { given: ['Sam'], family: 'Null' }, 'Sam Null'],
  ['only text', { text: 'Mr Tomás Vega' }, 'Mr Tomás Vega'],
  ['Chinese and Japanese', { given: ['花子'], family: '田中' }, '田中花子'],
  ['right to left', { given: ['محمد'], family: 'العلي' }, 'محمد العلي'],
  [
    'usual before official, never maiden',
    [
      { use: 'maiden', family: 'Old' },
      { use: 'official', given: ['Robert'], family: 'Ray' },
      { use: 'usual', given: ['Bobbie'], family: 'Ray' },
    ],
    'Bobbie Ray',
  ],
  ['nothing', undefined, 'Name not recorded'],
  ['an empty list', [], 'Name not recorded'],
  ['blanks', { given: [' '], family: '' }, 'Name not recorded'],
])('%s is shown as people say it', (_case, name, shown) => {
  expect(formatPersonName(name, en)).toBe(shown)
})

test('a missing name is said in Spanish too, and a title only where asked for', () => {
  expect(formatPersonName(undefined, { locale: 'es' })).toBe('Nombre no registrado')
  const name = { prefix: ['Dr'], given: ['Ada'], family: 'Vance' }
  expect(formatPersonName(name, en)).toBe('Ada Vance')
  expect(formatPersonName(name, { locale: 'en', withPrefix: true })).toBe('Dr Ada Vance')
})

test('an address is shown in the lines of an envelope, without gaps', () => {
  expect(
    addressLines({ line: ['1200 Colfax Ave'], city: 'Denver', state: 'CO', postalCode: '80204' }),
  ).toEqual(['1200 Colfax Ave', 'Denver, CO 80204'])
  expect(addressLines({ city: 'Denver' })).toEqual(['Denver'])
  expect(addressLines({})).toEqual([])
})
